# Puts the compose file on standard input in place, and tells what it is: "new", where compose had no file to read;
# "created", beside a file of another name that compose has read until then; "replaced"; or "same".
# The file appears as a whole or not at all: it is written beside and renamed.
#
# Until a service was proved good with the new file, .rpi/unproved says what was done to the one before. It keeps
# .compose.yaml.before from being overwritten by a file that never worked, and is printed after "same".
# A cut connection looks like the end of input to cat: only a file of $length bytes may be renamed.
set -u
directory=$1 length=$2
mkdir -p -- "$directory/.rpi" && CDPATH='' cd -- "$directory" || exit 1
new=.compose.yaml.rpi
[ ! -e compose.yaml ] || cp -p compose.yaml "$new" || exit 1
cat >"$new" || exit 1
[ "$(wc -c <"$new")" -eq "$length" ] || { rm -f "$new"; echo 'incomplete' >&2; exit 1; }
did=$(cat .rpi/unproved 2>/dev/null)
if cmp -s "$new" compose.yaml; then rm "$new"; echo "same $did"; exit 0; fi
if [ -z "$did" ]; then
  did=new
  for other in compose.yml docker-compose.yaml docker-compose.yml; do [ ! -e "$other" ] || did=created; done
  if [ -e compose.yaml ]; then
    did=replaced
    cp -p compose.yaml .compose.yaml.before || exit 1
  fi
  echo $did >.rpi/unproved || exit 1
fi
sync "$new" .compose.yaml.before .rpi/unproved 2>/dev/null
mv "$new" compose.yaml && echo "$did"
