# Loads the archive on standard input, and then proves the releases in it and notes what was sent of them.
# After a load that failed nobody knows what is there: nothing is noted.
set -u
with=$1 docker=$2 notes=$HOME/$3 record=yes
shift 3
. ./docker.sh
. ./releases.sh
said=$(docker load --quiet 2>&1)
status=$?
[ $status -eq 0 ] || record=
echo "loaded $status $(printf '%s' "$said" | tr '\n' ' ')"
prove "$@"
exit 0
