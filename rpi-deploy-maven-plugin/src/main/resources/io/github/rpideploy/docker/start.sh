# Starts a service that no module deploys. To be run detached, so that it comes to its end whoever watches. Only then it
# prints: "lost", or "up STATUS" and its containers in the format; and on standard error what compose said.
#
# As recreate.sh does, it notes by which part of the compose file the containers were made.
# $up and $list are options of compose up and ps. The remaining arguments call compose.
set -u
with=$1 docker=$2 directory=$3 lock=$4 token=$5 service=$6 up=$7 list=$8 format=$9
shift 9
. ./docker.sh
. ./one-at-a-time.sh
. ./service-ids.sh
. ./digests.sh
my_turn
# shellcheck disable=SC2086  # $up is words
said=$("$@" up $up -- "$service" 2>&1 </dev/null)
status=$?
ids=$(service_ids "$@" 2>/dev/null)
made=${lock%/*}/made
digest=$(digests "$service" "$@")
rm -f "$made/$service"
# shellcheck disable=SC2086  # $ids are words
if [ $status -eq 0 ] && [ -n "$digest" ] && mkdir -p "$made" 2>/dev/null; then echo "${digest##* }" $ids >"$made/$service"; fi
echo "up $status"
# shellcheck disable=SC2086  # $ids are words
[ -z "$ids" ] || docker container inspect --format "$format" $ids 2>/dev/null
printf '%s\n' "$said" >&2
