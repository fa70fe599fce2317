# Runs a command line in a container. If it takes longer than the limit, it is ended with all that it has started, and the
# status is 124.
#
# The container does this itself: whoever ends `docker exec` ends the client only, and the command goes on. A shell, sleep and
# /proc are enough: an image may have no timeout, and that of busybox ends a shell but not what the shell runs.
set -u
limit=$1 line=$2

# Tells a process and those that descend from it, parents first: they start nothing new once they are killed.
family() {
  found=" $1 "
  more=yes
  while [ -n "$more" ]; do
    more=
    for stat in /proc/[0-9]*/stat; do
      # It may have ended.
      { read -r text <"$stat"; } 2>/dev/null || continue
      process=${text%% *}
      # The name comes before, in brackets, and may hold anything.
      text=${text##*) }
      text=${text#* }
      parent=${text%% *}
      case $found in
      *" $process "*) ;;
      *" $parent "*)
        found="$found$process "
        more=yes
        ;;
      esac
    done
  done
  echo "$found"
}

sleep "$limit" >/dev/null 2>&1 &
sleeper=$!
(
  sh -c "$line"
  status=$?
  kill $sleeper 2>/dev/null
  exit $status
) &
command=$!
if wait $sleeper 2>/dev/null; then
  # shellcheck disable=SC2046  # these are words
  kill -KILL $(family $command) 2>/dev/null
  wait $command 2>/dev/null
  exit 124
fi
wait $command
