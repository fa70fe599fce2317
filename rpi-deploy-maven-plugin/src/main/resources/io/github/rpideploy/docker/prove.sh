# Proves releases that are on the Pi, and notes what was sent of them.
set -u
with=$1 docker=$2 notes=$HOME/$3 record=yes
shift 3
. ./docker.sh
. ./releases.sh
prove "$@"
exit 0
