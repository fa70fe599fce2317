# Adds a line to the history of a compose directory, unless it is empty. Tells what the history holds, which tags and
# used images the Engine has, and which releases other compose projects have deployed recently: those that have
# containers, and those that this user has deployed before, whose directories are lines of $projects.
#
# A container may disappear while it is asked for: then the answer is not complete.
set -u
with=$1 docker=$2 directory=$3 history=$4 lines=$5 others_lines=$6 projects=$HOME/$7 line=$8
. ./docker.sh
. ./history.sh
. ./add-to-history.sh
. ./durable.sh
if CDPATH='' cd -- "$directory"; then
  if [ -n "$line" ]; then
    add_to_history "$history" "$line" && echo written
    durable .
  fi
  history_lines "$history" "$lines"
fi
docker image ls --no-trunc --format 'tag {{.ID}} {{.Repository}}:{{.Tag}}' || exit 1
containers=$(docker container ls --all --quiet --no-trunc) || exit 1
if [ -n "$containers" ]; then
  # shellcheck disable=SC2086  # $containers is words
  facts=$(docker container inspect --format 'used {{.Image}}
place {{index .Config.Labels "com.docker.compose.project.working_dir"}}' $containers) || exit 1
  printf '%s\n' "$facts"
fi
{ printf '%s\n' "${facts-}" | sed -n 's/^ *place //p'; cat "$projects"; } 2>/dev/null | sort -u |
  while IFS= read -r place; do
    # shellcheck disable=SC3013  # -ef is not in POSIX, but in dash, bash and busybox
    if [ ! -d "$place/.rpi" ] || [ "$place" -ef . ]; then continue; fi
    [ ! -e "$place/.rpi/lock" ] || flock -n -s "$place/.rpi/lock" true 2>/dev/null || echo busy
    [ ! -r "$place/$history" ] || tail -n "$others_lines" "$place/$history" |
      grep -o '[A-Za-z0-9][A-Za-z0-9./:_-]*:rpi-[0-9a-f]*' | sed 's/^/other /'
  done
echo complete
