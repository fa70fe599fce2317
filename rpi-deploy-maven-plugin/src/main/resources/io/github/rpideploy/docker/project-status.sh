# Tells the history of a compose project, which of its files are not as they were sent, its containers, their images, the Engine's tags, and the memory that the
# containers use. Memory comes last: Docker takes a second or two for it.
# The remaining arguments are the command line that lists the containers.
set -u
with=$1 docker=$2 directory=$3 history=$4 lines=$5 container_format=$6 image_format=$7
shift 7
. ./docker.sh
. ./history.sh
. ./unsettled.sh
. ./sums.sh
. ./drifted-files.sh
CDPATH='' cd -- "$directory" || exit 1
history_lines "$history" "$lines"
unsettled .
drifted_files
docker image ls --no-trunc --format 'tag {{.ID}} {{.Repository}}:{{.Tag}}'
ids=$("$@" 2>&1) || { echo "complaint $(printf '%s' "$ids" | tr '\n' ' ')"; exit 0; }
[ -n "$ids" ] || exit 0
# shellcheck disable=SC2086  # $ids is words
docker container inspect --format "$container_format" $ids
# shellcheck disable=SC2046,SC2086  # these are words
docker image inspect --format "$image_format" $(docker container inspect --format '{{.Image}}' $ids | sort -u)
# shellcheck disable=SC2086  # $ids is words
docker stats --no-stream --no-trunc --format 'memory {{.ID}} {{.MemUsage}}' $ids
exit 0
