# project DIRECTORY FORMAT : prints a line of the format for each container that compose has made in the directory, and
# "made SERVICE DIGEST ID..." for each note of which part of the compose file the containers of a service were made by.
# Then "moment ..." if service-now.sh can tell whether that still holds.
# Fails where the Engine was not asked or does not answer.
. ./containers-here.sh
project() {
  moment=$(moment "$1")
  all=$(CDPATH='' cd -- "$1" 2>/dev/null && containers_here --format '{{.ID}}={{.Label "com.docker.compose.project"}}') || return
  [ -n "$all" ] || return 0
  ids='' first='' several=''
  for one in $all; do
    ids="$ids ${one%%=*}"
    [ "${one#*=}" = "${first:=${one#*=}}" ] || several=yes
  done
  # shellcheck disable=SC2086  # $ids is words
  docker container inspect --format "$2" $ids 2>/dev/null </dev/null
  for f in "$1"/.rpi/made/*; do
    [ ! -r "$f" ] || { made=''; IFS= read -r made <"$f"; echo "made ${f##*/} $made"; }
  done
  # Of more than one project, only compose knows which containers are a service's.
  [ -n "$several" ] || [ -z "$moment" ] || echo "moment $moment"
}

# moment DIRECTORY : prints for how long the machine runs, and the token of the deploy that held the deploy lock last. Nothing
# while one holds it, and where none ever has.
moment() {
  [ -e "$1/.rpi/lock" ] && flock -n -s "$1/.rpi/lock" true 2>/dev/null || return 0
  token=''
  { IFS= read -r token <"$1/.rpi/last"; } 2>/dev/null
  read -r running _ </proc/uptime
  [ -z "$token" ] || echo "$running $token"
}
