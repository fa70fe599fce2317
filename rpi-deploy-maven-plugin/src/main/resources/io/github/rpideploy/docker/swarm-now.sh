# Tells what a deploy must know of a service of a swarm just before it is replaced: "image ID" of the release $tag or "absent"; "runs
# DIGEST MADE RELEASE" by the labels of the service; "task JSON" for each task that is wanted; and "verified" if it runs what was proved
# good last; "files" and "file SHA-256 PATH" for what it saw of the stack's files when it was deployed. If not, and there is such a thing, the history of the service and the release tags that the Engine has.
# $name is the service in the swarm, $runs is a template of docker service inspect, and $format one of docker inspect for tasks.
set -u
with=$1 docker=$2 directory=$3 history=$4 service=$5 tag=$6 repository=$7 name=$8 runs=$9
shift 9
format=$1
. ./docker.sh
if id=$(docker image inspect --format '{{.Id}}' "$tag" 2>&1); then echo "image $id"
else
  case $id in *[Nn]o\ such\ image*) echo absent ;; *) printf '%s\n' "$id" >&2; exit 1 ;; esac
fi
CDPATH='' cd -- "$directory" 2>/dev/null || exit 0
good=${history%/*}/swarm/$service
runs=$(docker service inspect --format "$runs" "$name" 2>/dev/null)
if [ -n "$runs" ]; then
  printf '%s\n' "$runs"
  ids=$(docker service ps -q --no-trunc --filter desired-state=running "$name" 2>/dev/null)
  # shellcheck disable=SC2086  # $ids is words
  [ -z "$ids" ] || docker inspect --type task --format "task $format" $ids
  sed '1d; s/^[0-9a-f]\{64\}  /file &/' "${history%/*}/made/$service" 2>/dev/null
  digest=${runs#runs } digest=${digest%% *}
  if grep -qs "\"$digest\"" "$good"; then echo verified; exit 0; fi
fi
[ -e "$good" ] || exit 0
[ ! -r "$history" ] || grep -F "\"service\":\"$service\"" "$history" | tail -n 20 | sed 's/^/line /'
docker image ls --no-trunc --format 'tag {{.ID}} {{.Repository}}:{{.Tag}}' "$repository"
exit 0
