# Holds the deploy lock of a compose directory for as long as standard input shows a sign of life every $silence seconds,
# and is the guard of the services that are being replaced meanwhile. Waits up to $patience seconds for another holder, and
# tells who that is.
#
# A service that is being replaced has an intent. When the input ends or is silent for $live seconds while there is one,
# nobody is left who could say whether the new release is good: the remaining arguments are the command that goes back.
# An intent that is found at the start is of a deploy whose guard was ended too, by a power cut for example.
#
# Only this shell holds the lock: what it starts must not outlive it with the file open. What has the second line of the
# lock file as its token works for the present holder.
set -u
directory=$1 lock=$2 holder=$3 token=$4 patience=$5 silence=$6 live=$7 no_tools=$8 no_directory=$9
shift 9
held=$1 projects=$HOME/$2 loading=$HOME/$3
shift 3
trap '' HUP INT TERM PIPE
mkdir -p -- "$directory/${lock%/*}" && CDPATH='' cd -- "$directory" || exit "$no_directory"
for tool in flock timeout setsid; do command -v $tool >/dev/null || exit "$no_tools"; done
exec 9>>"$lock" || exit "$no_directory"
intents() { for i in "${lock%/*}"/intents/*; do [ ! -e "$i" ] || printf '%s ' "${i##*/}"; done; }
go_back() { setsid "$@" 9>&- </dev/null; }
# Others may look for a moment whether the lock is held.
if ! flock -n 9 && ! { sleep 0.2; flock -n 9; }; then
  echo "rpi-lock held $(head -n 1 "$lock")"
  [ "$patience" -gt 0 ] && flock -w "$patience" 9 || exit "$held"
fi
printf '%s\n' "$holder" >"$lock"
# Other projects must not take the releases of this one for left over, even before it has a container.
grep -qsxF -- "$(pwd)" "$projects" || { mkdir -p "${projects%/*}" && pwd >>"$projects"; } 2>/dev/null
if [ -n "$(intents)" ]; then echo "rpi-lock unsettled $(intents)"; fi
if [ -n "$(intents)" ] || [ -n "$(ls "$loading" 2>/dev/null)" ]; then
  go_back "$@" 2>/dev/null | sed 's/^/rpi-lock /'
fi
printf '%s\n%s\n' "$holder" "$token" >"$lock"
echo 'rpi-lock mine'
quiet=0
while :; do
  sign=$(exec 9>&-; exec timeout -s KILL "$live" head -c 1)
  status=$?
  if [ -n "$sign" ]; then quiet=0; continue; fi
  [ $status -ne 0 ] || break
  quiet=$((quiet + live))
  if [ $quiet -ge "$silence" ] || [ -n "$(intents)" ]; then break; fi
done
printf '%s\n' "$holder" >"$lock"
[ -z "$(intents)" ] || keep=yes go_back "$@" >/dev/null 2>&1
: >"$lock"
