# Lets a service run an image: writes down how to go back, moves the live tag, and has compose recreate this service only.
# To be run detached, so that it comes to its end whoever watches. Only then it prints: "unnoted", "untagged", or
# "up STATUS" and a line "container ID" for each container; and on standard error what was said.
#
# What the next deploy compares is noted too: compose's digest of the service as config prints it, the containers that
# were made by it, and the files of the stack that they see: of what $uses names, or "?" for what they saw before.
# The digest that up stores in a container is another one, because with --no-deps it leaves depends_on out.
#
# $old is not empty when $new containers are started beside the old ones, which go on: only the new ones are printed, and their
# note waits beside that of the old ones until those go.
#
# $intent is empty on the way back: the one that is there still holds. A deploy that lost its connection asks for the same
# $step again: what has been done is not done again, but printed.
# $key is that of what compose reads, see config-key.sh, or empty.
# $up and $list are options of compose up and ps. The remaining arguments call compose.
set -u
with=$1 docker=$2 directory=$3 lock=$4 token=$5 step=$6 service=$7 intent=$8 image=$9
shift 9
live=$1 up=$2 list=$3 uses=$4 old=$5 new=$6 key=$7
shift 7
. ./docker.sh
. ./one-at-a-time.sh
. ./durable.sh
. ./intent.sh
. ./service-ids.sh
. ./beside.sh
. ./made-files.sh
. ./digests.sh
. ./kept-digests.sh
my_turn
answer=${lock%/*}/answer
if [ "$(head -n 1 "$answer" 2>/dev/null)" = "$step" ]; then
  sed '1d; /^said$/,$d' "$answer"
  sed '1,/^said$/d' "$answer" >&2
  exit 0
fi
intents=${lock%/*}/intents
write_intent
if ! said=$(docker image tag "$image" "$live" 2>&1); then
  [ -z "$intent" ] || rm -f "$intents/$service"
  echo untagged; printf '%s\n' "$said" >&2; exit 0
fi
made=${lock%/*}/made hashes=${lock%/*}/hashes
mkdir -p "$made" 2>/dev/null
digest=$(kept_digest "$key")
if [ -z "$digest" ]; then digests "$service" "$@" >"$made/.digest" 2>/dev/null & fi
# compose would make an old one again that somebody has removed meanwhile, and count it as new.
if [ -n "$old" ]; then
  ids=$(service_ids "$@" 2>/dev/null) || ids=$old
  for id in $ids; do
    case " $old " in *" $id "*) new=$((new + 1)) ;; esac
  done
  up="$up --scale $service=$new"
fi
# shellcheck disable=SC2086  # $up is words
compose_up() { "$@" up $up -- "$service" 2>&1 </dev/null; }
said=$(compose_up "$@")
status=$?
# compose removes what an interrupted recreate has left, ID_NAME, while it makes a container of that name.
case $status$said in
  0*) ;;
  *'The container name "/'*_*'" is already in use'*) said=$(compose_up "$@"); status=$? ;;
esac
if [ -n "$old" ]; then ids=$(beside "$old" "$@") note=$made/.beside-$service
else ids=$(service_ids "$@" 2>/dev/null) note=$made/$service
fi
wait
if [ -z "$digest" ]; then
  digest=$(sed 's/.* //' "$made/.digest" 2>/dev/null)
  keep_digest "$key" "$digest"
fi
[ "$uses" != '?' ] || uses=$(sed '1,2d; s/^[0-9a-f]*  //' "$made/$service" 2>/dev/null)
rm -f "$made/.digest" "$note"
# shellcheck disable=SC2086  # $ids are words, and $uses lines
if [ $status -eq 0 ] && [ -n "$digest" ]; then
  { echo "$digest" $ids; echo files; (IFS=${IFS#??}; set -f; made_files "${lock%/*}/files" $uses); } >"$made/.$service" &&
    mv -f "$made/.$service" "$note"
fi
done=$(echo "up $status"; for id in $ids; do echo "container $id"; done)
{ printf '%s\n' "$step" "$done" said "$said" >"$answer"; } 2>/dev/null
printf '%s\n' "$done"
printf '%s\n' "$said" >&2
