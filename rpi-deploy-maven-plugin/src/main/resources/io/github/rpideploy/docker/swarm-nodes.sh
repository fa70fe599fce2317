# Tells "swarm STATE MANAGER ID" of this Pi: active or not, true for a manager, and its id; "managers JSON" with their addresses; and
# "node JSON" for each node of its swarm. $format is a template of docker node inspect.
set -u
with=$1 docker=$2 format=$3
. ./docker.sh
said=$(docker info --format 'swarm {{.Swarm.LocalNodeState}} {{.Swarm.ControlAvailable}} {{.Swarm.NodeID}}
managers {{json .Swarm.RemoteManagers}}')
case $said in
  # A manager without a leader does not answer: that is not a swarm without nodes.
  *swarm\ active\ true\ *) ids=$(docker node ls -q) || exit 1 ;;
  *) ids= ;;
esac
printf '%s\n' "$said"
# shellcheck disable=SC2086  # $ids is words
[ -z "$ids" ] || docker node inspect --format "node $format" $ids
exit 0
