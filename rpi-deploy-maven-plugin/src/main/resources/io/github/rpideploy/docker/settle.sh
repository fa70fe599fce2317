# The verdict on services is in: what they run outlives a power cut, and then the way back is forgotten. Prints "settled".
# $proved is not empty when a service was proved good with the present compose file.
# $root is the Engine's directory. The remaining arguments are the services.
set -u
directory=$1 lock=$2 token=$3 root=$4 proved=$5
shift 5
. ./one-at-a-time.sh
. ./durable.sh
my_turn
engine_durable "$root"
intents=${lock%/*}/intents
for service; do rm -f "$intents/$service"; done
rmdir "$intents" 2>/dev/null
[ -z "$proved" ] || rm -f "${lock%/*}/unproved"
durable .
echo settled
