# Removes tags, the remaining arguments, on a machine that inventory.sh is not run on: so it also removes what that does, the containers
# of ended proofs and the notes of images that are gone. Prints what docker image rm does.
set -u
with=$1 docker=$2 notes=$HOME/$3
shift 3
. ./docker.sh
. ./leftovers.sh
remove_proofs
docker image rm "$@" 2>/dev/null
images=$(docker image ls --no-trunc --format ' {{.ID}} ') || exit 0
remove_notes "$images"
exit 0
