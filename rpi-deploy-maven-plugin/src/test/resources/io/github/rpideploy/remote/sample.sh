#!/bin/sh
# Greets.
set -u
word=$1

. ./sample-greet.sh
  # Indented.
greet "$word"
