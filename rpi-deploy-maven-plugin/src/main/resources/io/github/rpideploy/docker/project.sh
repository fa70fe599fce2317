# project DIRECTORY FORMAT : prints a line of the format for each container that compose has made in the directory, and
# "made SERVICE DIGEST ID..." for each note of which part of the compose file the containers of a service were made by.
# Fails where the Engine was not asked or does not answer.
. ./containers-here.sh
project() {
  ids=$(CDPATH='' cd -- "$1" 2>/dev/null && containers_here -q) || return
  [ -n "$ids" ] || return 0
  # shellcheck disable=SC2086  # $ids is words
  docker container inspect --format "$2" $ids 2>/dev/null </dev/null
  for f in "$1"/.rpi/made/*; do
    [ ! -r "$f" ] || echo "made ${f##*/} $(head -n 1 "$f")"
  done
}
