# restore_file CHANGE : takes back in the present directory what upload.sh has done to the compose file: CREATED beside
# a file of another name, which compose has read until then, or REPLACED.
restore_file() {
  case $1 in
    REPLACED) mv -f .compose.yaml.before compose.yaml || return ;;
    CREATED)
      for other in compose.yml docker-compose.yaml docker-compose.yml; do
        [ ! -e "$other" ] || { rm -f compose.yaml || return; }
      done ;;
    *) return 0 ;;
  esac
  rm -f .rpi/unproved
}
