# Tells what became of a service of a swarm: "service JSON" or "absent", and "task JSON" for its tasks, the newest of each slot first.
# The templates are those of docker service inspect and of docker inspect for tasks.
set -u
with=$1 docker=$2 name=$3 service_format=$4 task_format=$5
. ./docker.sh
said=$(docker service inspect --format "service $service_format" "$name" 2>&1) || {
  case $said in *[Nn]o\ such\ service*) echo absent; exit 0 ;; *) printf '%s\n' "$said" >&2; exit 1 ;; esac
}
printf '%s\n' "$said"
ids=$(docker service ps -q --no-trunc "$name" 2>/dev/null | head -n 200)
# shellcheck disable=SC2086  # $ids is words
[ -z "$ids" ] || docker inspect --type task --format "task $task_format" $ids
exit 0
