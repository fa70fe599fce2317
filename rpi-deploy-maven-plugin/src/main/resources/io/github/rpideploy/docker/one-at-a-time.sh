# my_turn : waits until nothing else changes a service of $directory, goes there, and keeps everything else waiting until
# the script has ended. Prints "lost" and ends the script when the deploy with $token does not hold the deploy lock $lock:
# then another one, or the guard, may have decided otherwise.
#
# What the script starts keeps the turn too: a shell that was killed may leave compose at work.
my_turn() {
  CDPATH='' cd -- "$directory" && exec 8>>"${lock%/*}/live" && flock 8 || exit 1
  [ "$(sed -n 2p "$lock" 2>/dev/null)" = "$token" ] || { echo lost; exit 0; }
}
