# docker logs --follow that ends with its input, also when nothing is logged. The remaining arguments are docker's.
#
# Docker takes the place of its shell, so that the signal reaches it. What waits for the end of the input must not hold
# the output open: the channel would stay open with it.
set -u
with=$1 docker=$2
shift 2
exec 3<&0
# shellcheck disable=SC2086  # $with is words
(exec $with "$docker" "$@") 2>&1 3<&- </dev/null &
logs=$!
{ cat <&3; kill $logs; } >/dev/null 2>&1 &
watcher=$!
exec 3<&-
wait $logs
status=$?
kill $watcher 2>/dev/null
exit $status
