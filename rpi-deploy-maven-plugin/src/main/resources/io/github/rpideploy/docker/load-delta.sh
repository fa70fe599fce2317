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
. ./apply-delta.sh
# make_containers : makes one for each release, and leaves lines "CONTAINER:DIRECTORY" in $from. Tells why when it fails.
make_containers() {
  while read -r release directory; do
    case $names in
      *" $release="*) id=${names##* "$release"=} id=${id%% *} ;;
      *)
        said=$(docker create --pull never --label "$proof" --platform "$platform" "$release" true 2>&1 </dev/null)
        status=$? id=$(printf '%s\n' "$said" | tail -n 1)
        [ $status -eq 0 ] || { echo "$said"; return 1; }
        made="$made $id" names="$names $release=$id " ;;
    esac
    from="$from$id:$directory
"
  done <<END
$old
END
}
# load is run in a shell of its own. Whatever makes the archive fails before its end, so docker load fails too.
load() {
  made='' from='' names=''
  trap '[ -z "$made" ] || docker rm -v -f $made >/dev/null 2>&1 </dev/null' EXIT
  make_containers && gzip -dc | apply_delta "$from" | docker load --quiet
}
load_and_prove "$@"
exit 0
