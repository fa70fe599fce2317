# Adds a line to the history of a compose directory, unless it is empty. Tells what the history holds, which tags and
# used images the Engine has, and which releases other compose projects have deployed recently: those that have
# containers, and those that this user has deployed before, whose directories are lines of $projects.
# Without $ask it tells the history only.
#
# A container may disappear while it is asked for: then the answer is not complete. Other projects may change tags and
# containers at any time, so both are asked whenever something may have to be removed.
set -u
with=$1 docker=$2 directory=$3 history=$4 lines=$5 others_lines=$6 projects=$HOME/$7 ask=$8 line=$9
. ./docker.sh
. ./history.sh
. ./add-to-history.sh
. ./durable.sh
. ./leftovers.sh
if CDPATH='' cd -- "$directory"; then
  if [ -n "$line" ]; then
    add_to_history "$history" "$line" && echo written
    durable .
  fi
  history_lines "$history" "$lines"
fi
[ -n "$ask" ] || exit 0
tags=$(docker image ls --no-trunc --format 'tag {{.ID}} {{.Repository}}:{{.Tag}}') || exit 1
printf '%s\n' "$tags"
containers=$(docker ps -a --no-trunc --format '{{.ID}} {{.Image}} {{.Label "io.github.rpideploy.proof"}}:{{.Label "com.docker.compose.project.working_dir"}}' </dev/null) || exit 1
# The Engine tells the name by which a container was made if it still is one of its image, else the id. Only where the name is
# another one than those above, the container itself must be asked.
used=$(printf '%s\n' "$containers" | while read -r id image _; do
  case "$tags
" in
    *" $image
"* | *" $image:latest
"*) echo "runs $image" ;;
    *) case $image in sha256:*) echo "used $image" ;; ?*) echo "ask $id" ;; esac ;;
  esac
done)
printf '%s\n' "$used" | grep -v '^ask '
asked=$(printf '%s\n' "$used" | sed -n 's/^ask //p')
# shellcheck disable=SC2086  # $asked is words
[ -z "$asked" ] || docker container inspect --format 'used {{.Image}}' $asked || exit 1
case $containers in *' yes:'*) remove_proofs ;; esac
notes=${projects%/*}/notes
remove_notes "$tags"
{ printf '%s\n' "$containers" | sed 's/^[^ ]* [^ ]* [^:]*://'; cat "$projects"; } 2>/dev/null | sort -u |
  while IFS= read -r place; do
    # shellcheck disable=SC3013  # -ef is not in POSIX, but in dash, bash and busybox
    if [ ! -d "$place/.rpi" ] || [ "$place" -ef . ]; then continue; fi
    [ ! -e "$place/.rpi/lock" ] || flock -n -s "$place/.rpi/lock" true 2>/dev/null || echo busy
    [ ! -r "$place/$history" ] || tail -n "$others_lines" "$place/$history" |
      grep -o '[A-Za-z0-9][A-Za-z0-9./:_-]*:rpi-[0-9a-f]*' | sed 's/^/other /'
  done
echo complete
