# Loads the archive on standard input, and then proves the releases in it and notes what was sent of them.
# After a load that failed nobody knows what is there: nothing is noted.
# What is proved outlives a power cut: nothing live depends on it before. $root is the Engine's directory.
set -u
with=$1 docker=$2 notes=$HOME/$3 root=$4 record=yes
loading=${notes%/*}/loading
shift 4
. ./docker.sh
. ./releases.sh
. ./durable.sh
. ./running-since.sh
. ./loading.sh
# Whoever does not listen any more must not end the script before the file of the load is gone.
trap '' PIPE HUP
begin_loading "$@"
said=$(docker load --quiet 2>&1)
status=$?
[ $status -eq 0 ] || record=
echo "loaded $status $(printf '%s' "$said" | tr '\n' ' ')"
prove "$@"
engine_durable "$root"
exit 0
