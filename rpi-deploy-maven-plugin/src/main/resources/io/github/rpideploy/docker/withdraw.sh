# Lets the old containers of a service serve alone again: moves the live tag back, and removes what was started beside them.
# To be run detached. Prints "lost", "unserved" when the old ones do not run, "untagged" and on standard error why, "withdrawn", or
# "stuck WHY". $list is options of compose ps. The remaining arguments call compose.
set -u
with=$1 docker=$2 directory=$3 lock=$4 token=$5 service=$6 image=$7 live=$8 old=$9
shift 9
list=$1
shift
. ./docker.sh
. ./one-at-a-time.sh
. ./service-ids.sh
. ./withdrawing.sh
my_turn
# shellcheck disable=SC2086  # $old is words
if ! serve $old; then echo unserved; exit 0; fi
if ! said=$(docker image tag "$image" "$live" 2>&1); then echo untagged; printf '%s\n' "$said" >&2; exit 0; fi
said=$(withdraw "$old" "$@" | tail -n 5 | tr '\n' ' ')
if [ -z "$said" ]; then echo withdrawn; else echo "stuck $said"; fi
