# Lets a service of a swarm run what .rpi/swarm/$file says: writes down how to go back, and has docker stack deploy replace this
# service only. To be run detached, so that it comes to its end whoever watches. Only then it prints: "unnoted", "gone" where there
# is no such file, or "up STATUS"; and on standard error what was said.
#
# $intent is empty on the way back: the one that is there still holds. A deploy that lost its connection asks for the same $step again:
# what has been done is not done again, but printed. $options are words for docker stack deploy. The files of the stack that the service
# sees are noted, as by recreate.sh: of what $uses names, or "?" for what they saw before.
set -u
with=$1 docker=$2 directory=$3 lock=$4 token=$5 step=$6 service=$7 intent=$8 file=$9
shift 9
stack=$1 options=$2 uses=${3-?}
. ./docker.sh
. ./one-at-a-time.sh
. ./durable.sh
. ./intent.sh
. ./made-files.sh
my_turn
answer=${lock%/*}/answer
if [ "$(head -n 1 "$answer" 2>/dev/null)" = "$step" ]; then
  sed -n 2p "$answer"
  sed '1,2d' "$answer" >&2
  exit 0
fi
[ -e "${lock%/*}/swarm/$file" ] || { echo gone; exit 0; }
intents=${lock%/*}/intents
write_intent
# shellcheck disable=SC2086  # $options is words
said=$(docker stack deploy --resolve-image never $options -c "${lock%/*}/swarm/$file" "$stack" 2>&1 </dev/null)
status=$? made=${lock%/*}/made
[ "$uses" != '?' ] || uses=$(sed '1,2d; s/^[0-9a-f]*  //' "$made/$service" 2>/dev/null)
rm -f "$made/$service"
# shellcheck disable=SC2086  # $uses is lines
if [ $status -eq 0 ] && mkdir -p "$made" 2>/dev/null; then
  { echo swarm; echo files; (IFS=${IFS#??}; set -f; made_files "${lock%/*}/files" $uses); } >"$made/.$service" &&
    mv -f "$made/.$service" "$made/$service"
fi
done="up $status"
{ printf '%s\n' "$step" "$done" "$said" >"$answer"; } 2>/dev/null
printf '%s\n' "$done"
printf '%s\n' "$said" >&2
