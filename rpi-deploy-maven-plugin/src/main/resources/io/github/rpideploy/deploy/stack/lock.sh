# Holds the deploy lock of a compose directory for as long as standard input shows a sign of life every $silence seconds.
# Waits up to $patience seconds for another holder, and tells who that is.
#
# Only this shell holds the lock: what it starts must not outlive it with the file open.
set -u
directory=$1 lock=$2 holder=$3 patience=$4 silence=$5
no_flock=$6 no_directory=$7 held=$8
mkdir -p -- "$directory/${lock%/*}" && CDPATH='' cd -- "$directory" || exit "$no_directory"
command -v flock >/dev/null && command -v timeout >/dev/null || exit "$no_flock"
exec 9>>"$lock" || exit "$no_directory"
if ! flock -n 9; then
  echo "rpi-lock held $(head -n 1 "$lock")"
  [ "$patience" -gt 0 ] && flock -w "$patience" 9 || exit "$held"
fi
printf '%s\n' "$holder" >"$lock"
echo 'rpi-lock mine'
while sign=$(exec 9>&-; exec timeout "$silence" head -c 1) && [ -n "$sign" ]; do :; done
: >"$lock"
