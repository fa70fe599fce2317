# Puts the compose file on standard input in place, and tells whether it was created, replaced, or the same.
# The file appears as a whole or not at all: it is written beside and renamed.
#
# A cut connection looks like the end of input to cat: only a file of $length bytes may be renamed.
set -u
directory=$1 length=$2
mkdir -p -- "$directory" && CDPATH='' cd -- "$directory" || exit 1
new=.compose.yaml.rpi
[ ! -e compose.yaml ] || cp -p compose.yaml "$new" || exit 1
cat >"$new" || exit 1
[ "$(wc -c <"$new")" -eq "$length" ] || { rm -f "$new"; echo 'incomplete' >&2; exit 1; }
if cmp -s "$new" compose.yaml; then rm "$new"; echo same; exit 0; fi
did=created
if [ -e compose.yaml ]; then
  did=replaced
  cp -p compose.yaml .compose.yaml.before || exit 1
fi
sync "$new" 2>/dev/null
mv "$new" compose.yaml && echo $did
