# Tells what a deploy must know of a service just before it is replaced: "image ID" of the release $tag or "absent",
# its containers, "made DIGEST" if recreate.sh made them all by that part of the compose file, "files" and "file SHA-256 PATH"
# for what they saw of the stack's files then, the names of the first one's image, and "verified" if that image was proved good. If not, the
# history of the service and the release tags that the Engine has, from which the way back is chosen: also of a service that
# has no container any more.
# $list is options of compose ps. The remaining arguments call compose.
set -u
with=$1 docker=$2 directory=$3 history=$4 service=$5 tag=$6 repository=$7 list=$8 container_format=$9
shift 9
. ./docker.sh
. ./service-ids.sh
if id=$(docker image inspect --format '{{.Id}}' "$tag" 2>&1); then echo "image $id"
else
  case $id in *[Nn]o\ such\ image*) echo absent ;; *) printf '%s\n' "$id" >&2; exit 1 ;; esac
fi
CDPATH='' cd -- "$directory" 2>/dev/null || exit 0
ids=$(service_ids "$@" 2>/dev/null)
if [ -n "$ids" ]; then
  # shellcheck disable=SC2086  # $ids is words
  containers=$(docker container inspect --format "container $container_format" $ids 2>/dev/null)
  [ -z "$containers" ] || printf '%s\n' "$containers"
  note=${history%/*}/made/$service
  made=$(head -n 1 "$note" 2>/dev/null)
  # shellcheck disable=SC2086,SC2116  # $ids is lines, and is to be words
  if [ "${made#* }" = "$(echo $ids)" ]; then
    echo "made ${made%% *}"
    sed '1d; s/^[0-9a-f]\{64\}  /file &/' "$note"
  fi
  image=$(printf '%s\n' "$containers" | sed -n '1s/^container {"id":"[^"]*","image":"\([^"]*\)".*/\1/p')
  [ -n "$image" ] || exit 0
  docker image inspect --format 'named{{range .RepoTags}} {{.}}{{end}}' "$image" 2>/dev/null
  [ "$image" != "$(cat "${history%/*}/good/$service" 2>/dev/null)" ] || { echo verified; exit 0; }
  grep -qs "\"image\":\"$image\",\"outcome\":\"\\(verified\\|unchanged\\|rolled-back\\)\"" "$history" && { echo verified; exit 0; }
fi
[ ! -r "$history" ] || grep -F "\"service\":\"$service\"" "$history" | tail -n 20 | sed 's/^/line /'
docker image ls --no-trunc --format 'tag {{.ID}} {{.Repository}}:{{.Tag}}' "$repository"
exit 0
