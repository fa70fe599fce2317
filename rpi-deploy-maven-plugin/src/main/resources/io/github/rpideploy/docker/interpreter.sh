# interpreter : prints what the programs for deltas run in here: perl, or python3 where there is no Perl; nothing where both are missing.
interpreter() {
  if perl -e 'use strict' 2>/dev/null </dev/null; then echo perl
  elif python3 -I -S -c 'import os, re, subprocess, sys' 2>/dev/null </dev/null; then echo python3
  fi
}
