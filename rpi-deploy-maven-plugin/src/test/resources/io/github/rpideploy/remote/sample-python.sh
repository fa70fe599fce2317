#!/bin/sh
# Greets.
python3 -c '
  . ./sample.py
'
