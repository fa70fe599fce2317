# The verdict on services of a swarm is in: settling.sh, and what was proved good is kept for the way back. Prints "settled".
# The remaining arguments are the services.
set -u
directory=$1 lock=$2 token=$3 root=$4 proved=$5 good=$6
shift 6
. ./one-at-a-time.sh
. ./settling.sh
my_turn
if [ -n "$good" ]; then
  for service; do
    new=${lock%/*}/swarm/.$service.new
    if [ -z "$proved" ]; then rm -f "$new"
    elif [ -e "$new" ]; then mv -f "$new" "${lock%/*}/swarm/$service"
    fi
  done
fi
settle_services "$@"
echo settled
