# The same deploy on a new connection: tells the guard that it is back, and passes its signs of life on from now on.
# Exits with $lost when the guard has not waited, and otherwise when the guard has let go of the lock, or soon after.
set -u
directory=$1 lock=$2 token=$3 lost=$4
trap '' HUP INT TERM PIPE
signs=${lock%/*}/signs
CDPATH='' cd -- "$directory" && [ "$(sed -n 2p "$lock")" = "$token" ] && [ -p "$signs" ] || exit "$lost"
# A lock that is free has no guard: it was killed.
exec 9>>"$lock"
! flock -n 9 || exit "$lost"
exec 9>&-
# Open for both, so that nothing waits here if it is killed now.
exec 3<&0 4<>"$signs"
printf b >&4
left=50
until [ -e "$signs.back" ]; do
  [ $left -gt 0 ] || exit "$lost"
  left=$((left - 1))
  sleep 0.1
done
rm -f "$signs.back"
exec 5>"$signs" 4>&-
echo 'rpi-lock mine'
{ cat <&3; printf e; } >&5 2>/dev/null
flock -w 10 9 9>>"$lock"
