# Prints an archive of the lists of files that keep-file-lists.sh has kept. Prints nothing where no delta can be applied.
# $applier is another one for each version of what applies them.
set -u
lists=$HOME/$1 applier=$2
. ./running-since.sh
. ./interpreter.sh
. ./failed-deltas.sh
[ -n "$(interpreter)" ] || exit 0
echo works | gzip 2>/dev/null | gzip -dc 2>/dev/null | { read -r said && [ "$said" = works ]; } || exit 0
! deltas_fail || exit 0
CDPATH='' cd -- "$lists" 2>/dev/null && tar -c -f - . 2>/dev/null
exit 0
