. ./as-sums.sh

# restore_file CHANGE : takes back in the present directory what upload.sh has done. Of the compose file: CREATED beside
# a file of another name, which compose has read until then, REPLACED, or anything else; and then FILES, if there were any.
restore_file() {
  case $1 in *FILES) restore_files || return ;; esac
  case $1 in
    REPLACED*) mv -f .compose.yaml.before compose.yaml || return ;;
    CREATED*)
      for other in compose.yml docker-compose.yaml docker-compose.yml; do
        [ ! -e "$other" ] || { rm -f compose.yaml || return; }
      done ;;
    *FILES) ;;
    *) return 0 ;;
  esac
  rm -f .rpi/unproved
}

# restore_files : brings the files of the stack back, and the record of them. A new one goes if nobody has changed it.
# What a power cut has ended can be done again.
restore_files() {
  [ -d .rpi/before ] || return 0
  while IFS= read -r path; do
    sum=$({ sha256sum <"$path"; } 2>/dev/null) || continue
    if as_sums <.rpi/files | grep -qxF -- "${sum%% *}  $path"; then rm -f -- "$path" || return; fi
  done <.rpi/before/new
  (cd .rpi/before/tree && find . -type f) | while IFS= read -r path; do
    mkdir -p -- "${path%/*}" && mv -f -- ".rpi/before/tree/$path" "$path" || exit
  done || return
  mv -f .rpi/before/files .rpi/files && rm -rf .rpi/before
}
