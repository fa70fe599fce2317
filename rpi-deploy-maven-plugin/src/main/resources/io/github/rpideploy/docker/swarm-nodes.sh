# Tells "swarm STATE MANAGER ID" of this Pi: active or not, true for a manager, and its id; "managers JSON" with their addresses; and
# "node JSON" for each node of its swarm. $format is a template of docker node inspect.
set -u
with=$1 docker=$2 format=$3
. ./docker.sh
docker info --format 'swarm {{.Swarm.LocalNodeState}} {{.Swarm.ControlAvailable}} {{.Swarm.NodeID}}
managers {{json .Swarm.RemoteManagers}}'
ids=$(docker node ls -q 2>/dev/null) || exit 0
# shellcheck disable=SC2086  # $ids is words
docker node inspect --format "node $format" $ids
exit 0
