# Loads the archive that the program on standard input makes of old files, see apply-delta.sh, and then does what load.sh does.
# $old has a line "RELEASE DIRECTORY" for each directory that the program copies from. It is read from a container of that release,
# which is never started.
set -u
with=$1 docker=$2 notes=$HOME/$3 root=$4 platform=$5 old=$6
shift 6
. ./docker.sh
. ./releases.sh
. ./durable.sh
. ./running-since.sh
. ./loading.sh
. ./old-containers.sh
. ./apply-delta.sh
# load is run in a shell of its own. Whatever makes the archive fails before its end, so docker load fails too.
load() {
  make_containers && gzip -dc | apply_delta "$from" | docker load --quiet
}
load_and_prove "$@"
exit 0
