#!/bin/sh
# greet WORD
greet() {
  printf '%s\n' "hello
$1" # and this stays
}
