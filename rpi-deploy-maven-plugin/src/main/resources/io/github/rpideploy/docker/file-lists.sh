# Prints an archive of the lists of files that keep-file-lists.sh has kept. Prints nothing where no delta can be applied.
set -u
lists=$HOME/$1
echo | gzip 2>/dev/null | gzip -dc 2>/dev/null | perl -e 'use strict; exit(<STDIN> ne "\n")' 2>/dev/null || exit 0
CDPATH='' cd -- "$lists" 2>/dev/null && tar -c -f - . 2>/dev/null
exit 0
