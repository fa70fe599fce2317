# Prints the ids of a service's containers, running or not. The last arguments call compose.
set -u
with=$1 docker=$2 directory=$3 service=$4 list=$5
shift 5
. ./docker.sh
. ./service-ids.sh
CDPATH='' cd -- "$directory" || exit 1
service_ids "$@"
