# Puts the compose file and the files of the stack in place. They come as an archive on standard input: "compose"; "files", a
# line "SHA-256 MODE PATH" for each file that the Pi must have; and those that it lacks, named by the numbers of their lines.
# Each file appears as a whole or not at all, and none if one is missing or was changed by somebody else.
#
# Prints "same" or "put" for the compose file; "conflict PATH" for a file that somebody has changed, and then nothing is
# changed; "lacking PATH" for one that did not come; "kept PATH" for one that is no longer needed, but was changed; "removed
# PATH"; and "did WORDS", which is what a restore must take back. Of the compose file: "new", where compose had no file to
# read; "created", beside a file of another name that compose has read until then; or "replaced". And "files" for the others.
#
# Until a service was proved good with it, .rpi/unproved has these words. It keeps what a restore needs (.compose.yaml.before
# and .rpi/before) from being overwritten by something that never worked.
# A cut connection looks like the end of input: $yaml and $list are the SHA-256 of the compose file and of the list.
set -u
directory=$1 yaml=$2 list=$3 overwrite=$4
. ./place-files.sh
mkdir -p -- "$directory/.rpi" && CDPATH='' cd -- "$directory" || exit 1
new=.rpi/new before=.rpi/before
rm -rf "$new" && mkdir "$new" && chmod 700 "$new" || exit 1
trap 'rm -rf "$new"' EXIT
if ! tar -x -o -m -f - -C "$new" || [ "$(sum_of "$new/compose")" != "$yaml" ] || [ "$(sum_of "$new/files")" != "$list" ]
then echo incomplete >&2; exit 1
fi
said=$(cat .rpi/unproved 2>/dev/null)
did=${said%% files} files=
case $said in *files) files=files ;; esac
[ "$did" != files ] || did=
compare_files
[ ! -s "$new/stop" ] || { cat "$new/stop"; exit 0; }
if cmp -s "$new/compose" compose.yaml; then echo same
else
  echo put
  case $did in
    '' | none)
      did=new
      for other in compose.yml docker-compose.yaml docker-compose.yml; do [ ! -e "$other" ] || did=created; done
      if [ -e compose.yaml ]; then
        did=replaced
        cp -p compose.yaml .compose.yaml.before || exit 1
      fi ;;
  esac
fi
if [ -s "$new/lacking" ] || [ -s "$new/gone" ]; then save_files && files=files || exit 1; fi
now="${did:-none}${files:+ files}"
if [ "$now" != none ] && [ "$now" != "$said" ]; then echo "$now" >.rpi/unproved || exit 1; fi
sync "$new"/* .compose.yaml.before .rpi/unproved "$before"/* 2>/dev/null
place_files || exit 1
if ! cmp -s "$new/compose" compose.yaml; then
  [ ! -e compose.yaml ] || cp -p compose.yaml .compose.yaml.rpi
  cat "$new/compose" >.compose.yaml.rpi && mv -f .compose.yaml.rpi compose.yaml || exit 1
fi
echo "did $now"
