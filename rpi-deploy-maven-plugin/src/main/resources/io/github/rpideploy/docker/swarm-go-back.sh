# Takes back every service of a swarm whose deploy has ended without a verdict, the latest one first: docker stack deploy with what was
# proved good last, wait up to $patience seconds until the swarm has done it, and a line in the history.
# Before that it removes what a power cut has left half loaded. Prints "removed TAG", "back SERVICE", or "stuck SERVICE" and why.
#
# Whoever holds the deploy lock runs it, in the compose directory. The intent of a service that is stuck stays if the environment has
# a $keep. The lines of an intent are those of go-back.sh. $options are words for docker stack deploy.
set -u
with=$1 docker=$2 history=$3 root=$4 patience=$5 stack=$6 options=$7
loading=$HOME/$8 keep=${keep-}
shift 8
. ./docker.sh
. ./taking-back.sh

# lasts : waits until the swarm has brought $service to what it should be, and keeps it there for three seconds.
# Docker also counts what ran on a node that is down, so there may be more tasks than there should be.
lasts() {
  left=$patience ran=0
  while [ "$left" -gt 0 ]; do
    state=$(docker service inspect --format '{{if .UpdateStatus}}{{.UpdateStatus.State}}{{end}}' "${stack}_$service" 2>/dev/null)
    replicas=$(docker service ls --filter "name=${stack}_$service" --format '{{.Name}} {{.Replicas}}' 2>/dev/null |
      sed -n "s|^${stack}_$service \([0-9]*/[0-9]*\).*|\1|p")
    case $state in
      '' | completed) if [ -n "$replicas" ] && [ "${replicas%/*}" -ge "${replicas#*/}" ]; then ran=$((ran + 1)); else ran=0; fi ;;
      *) ran=0 ;;
    esac
    [ $ran -lt 3 ] || return 0
    sleep 1
    left=$((left - 1))
  done
  said="${replicas:-none} of its tasks run after $patience s, and the update is ${state:-not known}"
  return 1
}

engine_answers() {
  left=$patience
  until docker node ls -q >/dev/null 2>&1 || [ "$left" -le 0 ]; do sleep 1; left=$((left - 1)); done
}

back() {
  if [ -z "$image" ] || [ ! -e ".rpi/swarm/$service" ]; then said='there is nothing to go back to'; return 1; fi
  restore_file "$change" 2>/dev/null
  tries=5
  # shellcheck disable=SC2086  # $options is words
  until said=$(docker stack deploy --resolve-image never $options -c ".rpi/swarm/$service" "$stack" 2>&1 </dev/null); do
    tries=$((tries - 1))
    [ $tries -gt 0 ] || return 1
    sleep 3
    engine_answers
  done
  rm -f ".rpi/swarm/.$service.new"
  lasts
}

take_back "$@"
