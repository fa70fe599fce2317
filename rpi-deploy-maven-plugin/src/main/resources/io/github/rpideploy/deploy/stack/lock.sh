# Holds the deploy lock of a compose directory for as long as a deploy shows a sign of life every $silence seconds, and is
# the guard of the services that are being replaced meanwhile. Waits up to $patience seconds for another holder, and tells
# who that is.
#
# A service that is being replaced has an intent. When the input ends or is silent for $live seconds while there is one,
# nobody is left who could say whether the new release is good: the remaining arguments are the command that goes back.
# After the end of the input the same deploy has $confirm seconds to come back (come-back.sh); also while old containers are
# being retired (retire.sh), which has its verdict and needs no guard.
# The lock file says who holds it, and nothing any more while the guard goes back: then the next deploy waits up to
# $ending seconds. An intent that is found at the start is of a deploy whose guard was ended too, by a power cut for example.
#
# The signs come by a named pipe, from here and from whoever comes back: "." for life, "q" at the end of the deploy in
# order, "b" for a deploy that is back, "e" when an input has ended.
#
# What swarm-put.sh has written down for this deploy ends with it.
#
# Only this shell holds the lock: what it starts must not outlive it with the file open. What has the second line of the
# lock file as its token works for the present holder. The file "last" keeps the tokens of this holder and of the one before.
set -u
directory=$1 lock=$2 holder=$3 token=$4 patience=$5 silence=$6 live=$7 confirm=$8 no_tools=$9
shift 9
no_directory=$1 held=$2 projects=$HOME/$3 loading=$HOME/$4
shift 4
trap '' HUP INT TERM PIPE
# Who waits between two signs of life is to hear of it at once.
refuse() { echo 'rpi-lock refused'; exit "$1"; }
{ mkdir -p -- "$directory/${lock%/*}" && CDPATH='' cd -- "$directory"; } || refuse "$no_directory"
for tool in flock timeout setsid mkfifo; do command -v $tool >/dev/null || refuse "$no_tools"; done
true >>"$lock" || refuse "$no_directory"
exec 9>>"$lock"
signs=${lock%/*}/signs ending=100
retiring=${lock%/*}/retiring
intents() { for i in "${lock%/*}"/intents/*; do [ ! -e "$i" ] || printf '%s ' "${i##*/}"; done; }
go_back() { setsid "$@" 9>&- 4>&- </dev/null; }
# Others may look for a moment whether the lock is held.
if ! flock -n 9 && ! { sleep 0.2; flock -n 9; }; then
  if [ -s "$lock" ]; then
    echo "rpi-lock held $(head -n 1 "$lock")"
  else
    # That deploy has ended, and what it was replacing is going back.
    echo 'rpi-lock ending'
    [ "$patience" -gt "$ending" ] || patience=$ending
  fi
  { [ "$patience" -gt 0 ] && flock -w "$patience" 9; } || refuse "$held"
fi
printf '%s\n' "$holder" >"$lock"
rm -f "$signs" "$signs.back" "$retiring"
mkfifo -m 600 "$signs" || refuse "$no_directory"
exec 3<&0 4<>"$signs"
{ cat <&3; printf e; } >"$signs" 2>/dev/null 4>&- 9>&- &
exec 3<&-
# Other projects must not take the releases of this one for left over, even before it has a container.
grep -qsxF -- "$(pwd)" "$projects" || { mkdir -p "${projects%/*}" && pwd >>"$projects"; } 2>/dev/null
# Who has looked at the Pi before asks by that whether another deploy has changed it since.
before=$(head -n 1 "${lock%/*}/last" 2>/dev/null)
if [ -n "$(intents)" ]; then echo "rpi-lock unsettled $(intents)"; fi
if [ -n "$(intents)" ] || [ -n "$(ls "$loading" 2>/dev/null)" ]; then
  before=
  go_back "$@" 2>/dev/null | sed 's/^/rpi-lock /'
fi
printf '%s\n%s\n' "$token" "$before" >"${lock%/*}/last"
printf '%s\n%s\n' "$holder" "$token" >"$lock"
echo 'rpi-lock mine'
inputs=1 quiet=0 next=$live
while :; do
  sign=$(exec 9>&-; exec timeout -s KILL "$next" head -c 1 <&4)
  next=$live
  case $sign in
    .) quiet=0 ;;
    b) quiet=0 inputs=$((inputs + 1)); : >"$signs.back" ;;
    e)
      inputs=$((inputs - 1))
      if [ $inputs -eq 0 ]; then
        next=$confirm
        if { [ -z "$(intents)" ] && [ ! -e "$retiring" ]; } || [ "$confirm" -eq 0 ]; then break; fi
      fi ;;
    q) break ;;
    *)
      quiet=$((quiet + live))
      if [ $inputs -eq 0 ] || [ $quiet -ge "$silence" ] || [ -n "$(intents)" ]; then break; fi ;;
  esac
done
: >"$lock"
rm -f "$signs" "$signs.back" "${lock%/*}/answer" "${lock%/*}"/swarm/.*.new
[ -z "$(intents)" ] || keep=yes go_back "$@" >/dev/null 2>&1
