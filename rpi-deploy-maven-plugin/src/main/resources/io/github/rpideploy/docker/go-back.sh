# Takes back every service whose deploy has ended without a verdict, the latest one first, as its intent says: compose
# file, live tag, recreate, wait up to $patience seconds until it is healthy or keeps running, and a line in the history.
# Before that it removes what a power cut has left half loaded. Prints "removed TAG", "back SERVICE", or "stuck SERVICE" and why.
#
# Whoever holds the deploy lock runs it, in the compose directory. The intent of a service that is stuck stays if the
# environment has a $keep. $up and $list are options of compose up and ps. The remaining arguments call compose.
# An intent has a line each: the image to go back to, or nothing; the live tag; what was done to the compose file; the
# line for the history when the service is back, and when it is not; what was deployed; the containers beside which it was
# started, if they go on. The moment comes in place of @when@.
set -u
with=$1 docker=$2 history=$3 root=$4 patience=$5 up=$6 list=$7
loading=$HOME/$8 keep=${keep-}
shift 8
. ./docker.sh
. ./taking-back.sh
. ./service-ids.sh
. ./withdrawing.sh

# compose_up COMPOSE... : of $service.
compose_up() {
  # shellcheck disable=SC2086  # $up is words
  "$@" up $up -- "$service" 2>&1 </dev/null
}

# lasts COMPOSE... : waits until each container of $service is healthy, or runs for three seconds without a health check.
lasts() {
  left=$patience ran=0
  while [ "$left" -gt 0 ]; do
    # shellcheck disable=SC2046  # ids are words
    state=$(docker container inspect --format '{{.State.Status}}{{if .State.Health}} {{.State.Health.Status}}{{end}}' \
      $(service_ids "$@" 2>/dev/null) 2>/dev/null | sort -u | tr '\n' ,)
    case $state in
      'running healthy,') return 0 ;;
      running, | 'running,running healthy,') ran=$((ran + 1)); [ $ran -lt 3 ] || return 0 ;;
      *) ran=0 ;;
    esac
    sleep 1
    left=$((left - 1))
  done
  state=${state:-gone,}
  said="it is ${state%,} after $patience s"
  return 1
}

engine_answers() {
  left=$patience
  until docker version >/dev/null 2>&1 || [ "$left" -le 0 ]; do sleep 1; left=$((left - 1)); done
}

# back COMPOSE... : $service. An Engine that is just ending or starting may answer and not yet do what it is told.
back() {
  [ -n "$image" ] || { said='there is nothing to go back to'; return 1; }
  restore_file "$change" 2>/dev/null
  # shellcheck disable=SC2086  # $old is words
  if serve $old; then
    said=$(docker image tag "$image" "$live" 2>&1) && said=$(withdraw "$old" "$@") && lasts "$@"
    return
  fi
  tries=5
  until said=$(docker image tag "$image" "$live" 2>&1) && said=$(compose_up "$@"); do
    tries=$((tries - 1))
    [ $tries -gt 0 ] || return 1
    sleep 3
    engine_answers
  done
  lasts "$@"
}

take_back "$@"
