# Loads the archive on standard input, and then proves the releases in it and notes what was sent of them.
set -u
with=$1 docker=$2 notes=$HOME/$3 root=$4
shift 4
. ./docker.sh
. ./releases.sh
. ./durable.sh
. ./running-since.sh
. ./loading.sh
load() { docker load --quiet; }
load_and_prove "$@"
exit 0
