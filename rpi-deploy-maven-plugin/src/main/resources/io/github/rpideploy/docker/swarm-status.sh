# Tells of the services of a swarm whose names are the remaining arguments: "node ID NAME" of each node, and "task SERVICE JSON" of
# their tasks, the newest of each slot first. $format is a template of docker inspect for tasks.
set -u
with=$1 docker=$2 stack=$3 format=$4
shift 4
. ./docker.sh
docker node ls --format 'node {{.ID}} {{.Hostname}}' || exit 1
for service; do
  ids=$(docker service ps -q --no-trunc "${stack}_$service" 2>/dev/null | head -n 200)
  # shellcheck disable=SC2086  # $ids is words
  [ -z "$ids" ] || docker inspect --type task --format "task $service $format" $ids
done
exit 0
