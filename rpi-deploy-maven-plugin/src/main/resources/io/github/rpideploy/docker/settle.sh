# The verdict on services is in, see settling.sh. Prints "settled". The remaining arguments are the services.
set -u
directory=$1 lock=$2 token=$3 root=$4 proved=$5 good=$6
shift 6
. ./one-at-a-time.sh
. ./settling.sh
my_turn
settle_services "$@"
echo settled
