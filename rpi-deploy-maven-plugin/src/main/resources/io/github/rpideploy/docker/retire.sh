# The new containers of a service are proved good: settles that, see settling.sh, and then the old ones go. Whatever serves
# in front of them learns of that by $line, which is run in each, and has $seconds until they are told to stop.
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
my_turn
settle_services "$service"
mv -f "${lock%/*}/made/.beside-$service" "${lock%/*}/made/$service" 2>/dev/null
if [ -n "$line" ]; then
  for id; do
    # shellcheck disable=SC2086  # $with is words
    timeout "$limit" $with "$docker" exec "$id" sh -c "$line" >/dev/null 2>&1 </dev/null || echo "undrained $id"
  done
fi
[ "$seconds" -eq 0 ] || sleep "$seconds"
docker stop "$@" >/dev/null 2>&1 </dev/null
said=$(docker rm -f "$@" 2>&1 >/dev/null </dev/null | tail -n 5 | tr '\n' ' ')
for id; do
  if docker container inspect "$id" >/dev/null 2>&1; then echo "left $id $said"; fi
done
engine_durable "$root"
echo settled
