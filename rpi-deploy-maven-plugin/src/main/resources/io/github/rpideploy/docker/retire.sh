# The new containers of a service are proved good: settles that, see settling.sh, and then the old ones go. Whatever serves
# in front of them learns of that by $line, which is run in each, and has $seconds until they are told to stop.
# A deploy that lost its connection asks again: then only what is left of them is drained and removed.
# To be run detached. Prints "undrained ID" for each in which $line fails, "left ID WHY" for each that could not be removed, and
# "settled". The remaining arguments are the old containers.
set -u
with=$1 docker=$2 directory=$3 lock=$4 token=$5 root=$6 proved=$7 good=$8 service=$9
shift 9
seconds=$1 line=$2 limit=$3
shift 3
. ./docker.sh
. ./one-at-a-time.sh
. ./settling.sh
# still_there : leaves in $left what there is of it. An Engine that has just been killed does not say, and is asked again.
still_there() {
  all=$(docker ps -a -q --no-trunc 2>/dev/null </dev/null) || return
  before=$left left=
  for id in $before; do
    case $all in *"$id"*) left="$left $id" ;; esac
  done
}

my_turn
retiring=${lock%/*}/retiring
: >"$retiring"
settle_services "$service"
mv -f "${lock%/*}/made/.beside-$service" "${lock%/*}/made/$service" 2>/dev/null
left=$* tries=5
still_there
if [ -n "$line" ]; then
  for id in $left; do
    # shellcheck disable=SC2086  # $with is words
    timeout "$limit" $with "$docker" exec "$id" sh -c "$line" >/dev/null 2>&1 </dev/null || echo "undrained $id"
  done
fi
[ -z "$left" ] || [ "$seconds" -eq 0 ] || sleep "$seconds"
while [ -n "$left" ]; do
  # shellcheck disable=SC2086  # $left is words
  docker stop $left >/dev/null 2>&1 </dev/null
  # shellcheck disable=SC2086  # $left is words
  said=$(docker rm -f $left 2>&1 >/dev/null </dev/null | tail -n 5 | tr '\n' ' ')
  still_there
  tries=$((tries - 1))
  if [ -z "$left" ] || [ $tries -eq 0 ]; then break; fi
  sleep 3
done
for id in $left; do echo "left $id $said"; done
engine_durable "$root"
rm -f "$retiring"
echo settled
