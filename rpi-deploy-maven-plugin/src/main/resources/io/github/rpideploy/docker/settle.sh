# The verdict on services is in: what they run outlives a power cut, and then the way back is forgotten. Prints "settled".
# $proved is not empty when a service was proved good with the present compose file.
# $good is the image with which they were proved good, or empty: the history hears of it only when the deploy ends.
# $root is the Engine's directory. The remaining arguments are the services.
set -u
directory=$1 lock=$2 token=$3 root=$4 proved=$5 good=$6
shift 6
. ./one-at-a-time.sh
. ./durable.sh
my_turn
engine_durable "$root"
intents=${lock%/*}/intents
good_ones=${lock%/*}/good
[ -z "$good" ] || mkdir -p "$good_ones"
for service; do
  [ -z "$good" ] || { printf '%s\n' "$good" >"$good_ones/.new" && mv -f "$good_ones/.new" "$good_ones/$service"; }
  rm -f "$intents/$service"
done
rmdir "$intents" 2>/dev/null
[ -z "$proved" ] || rm -f "${lock%/*}/unproved"
durable .
echo settled
