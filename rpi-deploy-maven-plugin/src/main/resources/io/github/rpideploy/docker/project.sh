# project DIRECTORY FORMAT : prints a line of the format for each container that compose has made in the directory, and
# "made SERVICE DIGEST ID..." for each note of which part of the compose file the containers of a service were made by.
#
# Docker knows them by the directory's name, which has two spellings where a link leads to it.
project() {
  ids=$(
    CDPATH='' cd -- "$1" 2>/dev/null || exit
    { pwd; pwd -P; } | sort -u | while IFS= read -r here; do
      docker ps -a -q --no-trunc --filter "label=com.docker.compose.project.working_dir=$here" </dev/null
    done
  )
  [ -n "$ids" ] || return 0
  # shellcheck disable=SC2086  # $ids is words
  docker container inspect --format "$2" $ids 2>/dev/null </dev/null
  for f in "$1"/.rpi/made/*; do
    [ ! -r "$f" ] || echo "made ${f##*/} $(head -n 1 "$f")"
  done
}
