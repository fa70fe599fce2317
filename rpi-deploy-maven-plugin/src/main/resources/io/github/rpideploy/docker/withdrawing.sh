. ./beside.sh

# serve ID... : whether all of these containers run.
serve() {
  [ $# -gt 0 ] && ! docker container inspect --format '{{.State.Running}}' "$@" 2>&1 | grep -qvx true
}

# withdraw OLD COMPOSE... : removes what was started beside OLD. Prints what is in the way of that.
withdraw() {
  new=$(beside "$@")
  rm -f ".rpi/made/.beside-$service"
  [ -n "$new" ] || return 0
  # shellcheck disable=SC2086  # $new is words
  docker stop $new >/dev/null 2>&1 </dev/null
  # shellcheck disable=SC2086  # $new is words
  docker rm -f $new 2>&1 >/dev/null </dev/null
}
