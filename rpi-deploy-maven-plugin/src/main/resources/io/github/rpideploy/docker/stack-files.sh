# The files of the stack that came with the compose file. $directory/.rpi/files is the record of what was sent: a line
# "SHA-256 MODE PATH" for each, as in the list that comes with new ones.
. ./sums.sh

# files_same : whether the record has the SHA-256 $files, and nobody has changed a file of it. Without files: it has none.
files_same() {
  if [ -z "$files" ]; then [ ! -s "$directory/.rpi/files" ]; return; fi
  sum=$({ sha256sum <"$directory/.rpi/files"; } 2>/dev/null)
  [ "${sum%% *}" = "$files" ] && (CDPATH='' cd -- "$directory" && as_sums <.rpi/files | sha256sum -c) >/dev/null 2>&1
}

# files_there LIST : prints the record, and what the Pi has of it and of a list.
files_there() {
  CDPATH='' cd -- "$directory" 2>/dev/null || return 0
  sed 's/^/record /' .rpi/files 2>/dev/null
  cat .rpi/files "$1" 2>/dev/null | sums_of | sed -n 's/^\([0-9a-f]\{64\}\)  /there \1 /p'
}

# make_overlay : makes a directory below $t that is as $directory will be, with what came in $t/given; the rest is links.
# Prints where it is. Compose refuses a project whose env_file is missing, and nothing is to be written yet.
make_overlay() {
  real=$(CDPATH='' cd -- "$directory" 2>/dev/null && pwd)
  name=$(basename -- "$directory")
  overlay=$t/up/${real##*/}
  [ -n "$real" ] || overlay=$t/up/$name
  mkdir -p "$overlay"
  if [ -n "$real" ]; then
    link_all "${real%/*}" "$t/up"
    link_all "$real" "$overlay"
  fi
  i=0
  while IFS= read -r line; do
    i=$((i + 1))
    [ -f "$t/given/$i" ] || continue
    path=${line#* } at=
    path=${path#* }
    rest=$path
    while [ "$rest" != "${rest#*/}" ]; do
      at=${at:+$at/}${rest%%/*}
      rest=${rest#*/}
      if [ -L "$overlay/$at" ]; then
        rm -f "$overlay/$at"
        mkdir "$overlay/$at"
        link_all "$real/$at" "$overlay/$at"
      else mkdir -p "$overlay/$at"
      fi
    done
    rm -f "$overlay/$path"
    mv "$t/given/$i" "$overlay/$path"
  done <"$t/given/files"
  rm -rf "$overlay/.rpi" "$overlay/compose.yaml"
  mv "$t/given/compose" "$overlay/compose.yaml"
  printf '%s\n' "$overlay"
}

# link_all FROM TO
link_all() { ln -s -- "$1"/* "$1"/.[!.]* "$2/" 2>/dev/null; }
