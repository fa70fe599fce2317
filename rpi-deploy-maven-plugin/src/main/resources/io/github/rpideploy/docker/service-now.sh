# Tells what a deploy must know of a service just before it is replaced: "image ID" of the release $tag or "absent",
# its containers, "made DIGEST" if recreate.sh made them all by that part of the compose file, "files" and "file SHA-256 PATH"
# for what they saw of the stack's files then, the names of the first one's image, and "verified" if that image was proved good. If not, the
# history of the service and the release tags that the Engine has, from which the way back is chosen: also of a service that
# has no container any more.
# Others may have changed all of it since the probe, so it is asked again; that may be long ago if much was sent. If the probe
# was a moment ago, the containers that it saw are not looked for again; and if it saw the release run, this tells "seen" in
# place of all that Docker knows. "hash DIGEST" is compose's digest of the service then, if one is kept.
# $moment is when that was, as project.sh prints it, and the key of what compose has read; $made_then is the note of the
# containers, if it is of all that there were, and $seen the image of the release, if they all run it; else they are empty.
# $list is options of compose ps. The remaining arguments call compose.
set -u
with=$1 docker=$2 directory=$3 history=$4 service=$5 tag=$6 repository=$7 list=$8 container_format=$9
shift 9
moment=$1 made_then=$2 seen=$3
shift 3
note=${history%/*}/made/$service
. ./docker.sh
. ./service-ids.sh
. ./kept-digests.sh

# still_so : whether that was at most ten seconds ago, no other deploy has held the lock since, and this one has not made the
# containers anew. What somebody does by hand within these seconds is found by the next deploy.
still_so() {
  running=${moment%% *} token=${moment% *} tokens=${history%/*}/last
  [ -n "$moment" ] && [ "$made_then" = "$(head -n 1 "$note" 2>/dev/null)" ] || return
  read -r now _ </proc/uptime
  passed=$((${now%.*} - ${running%.*}))
  [ $passed -ge 0 ] && [ $passed -le 10 ] || return
  # This deploy holds it by now, unless it only looks.
  if flock -n -s "${history%/*}/lock" true 2>/dev/null; then n=1; else n=2; fi
  [ "$(sed -n ${n}p "$tokens" 2>/dev/null)" = "${token#* }" ]
}

# was_good IMAGE : whether it was proved good here before.
was_good() {
  [ "$1" = "$good" ] || grep -qs "\"image\":\"$1\",\"outcome\":\"\\(verified\\|unchanged\\|rolled-back\\)\"" "$history"
}

# files_then : prints what the containers saw of the stack's files when they were made.
files_then() { sed '1d; s/^[0-9a-f]\{64\}  /file &/' "$note"; }

# look : has Docker tell all of $ids, the release, and the image that was proved good last, by one call. Most often the first
# container runs that one. Docker's own types have no "index": then it takes maps.
look() {
  # shellcheck disable=SC2086  # $ids is words, and $good one or none
  said=$(docker inspect --format "{{if index . \"RootFS\"}}named {{.Id}}{{range .RepoTags}} {{.}}{{end}}{{else}}container $container_format{{end}}" \
    $ids "$tag" $good 2>&1)
  status=$?
}

there='' ids='' known='' good=''
if CDPATH='' cd -- "$directory" 2>/dev/null; then
  there=yes
  good=$(cat "${history%/*}/good/$service" 2>/dev/null)
  if still_so; then
    hashes=${history%/*}/hashes
    digest=$(kept_digest "${moment##* }")
    [ -z "$digest" ] || echo "hash $digest"
    if [ -n "$seen" ] && was_good "$seen"; then
      printf '%s\n' seen "made ${made_then%% *}"
      files_then
      echo verified
      exit 0
    fi
    known=${made_then#* }
  fi
  ids=${known:-$(service_ids "$@" 2>/dev/null)}
fi
look
# shellcheck disable=SC2086  # $known is words
if [ -n "$known" ] && [ "$(printf '%s\n' "$said" | grep -c '^container ')" -ne "$(printf '%s\n' $known | wc -l)" ]; then
  ids=$(service_ids "$@" 2>/dev/null)
  look
fi
wrong=$(printf '%s\n' "$said" | grep -v '^container \|^named \|[Nn]o such object')
if [ $status -ne 0 ] && [ -n "$wrong" ] || [ $status -gt 1 ]; then printf '%s\n' "$said" >&2; exit 1; fi
# image_names WHICH : of the first image that is called so, or has the id.
image_names() { printf '%s\n' "$said" | sed 's/$/ /' | grep '^named ' | grep -F -- " $1 " | head -n 1; }
release=$(image_names "$tag" | cut -d ' ' -f 2)
echo "${release:+image }${release:-absent}"
[ -n "$there" ] || exit 0
containers=$(printf '%s\n' "$said" | grep '^container ')
[ -z "$containers" ] || printf '%s\n' "$containers"
if [ -n "$ids" ]; then
  made=$(head -n 1 "$note" 2>/dev/null)
  # shellcheck disable=SC2086,SC2116  # $ids is lines, and is to be words
  if [ "${made#* }" = "$(echo $ids)" ]; then
    echo "made ${made%% *}"
    files_then
  fi
  image=$(printf '%s\n' "$containers" | sed -n '1s/^container {"id":"[^"]*","image":"\([^"]*\)".*/\1/p')
  [ -n "$image" ] || exit 0
  names=$(image_names "$image")
  if [ -n "$names" ]; then echo "named${names#named "$image"}"
  else docker image inspect --format 'named{{range .RepoTags}} {{.}}{{end}}' "$image" 2>/dev/null
  fi
  ! was_good "$image" || { echo verified; exit 0; }
fi
[ ! -r "$history" ] || grep -F "\"service\":\"$service\"" "$history" | tail -n 20 | sed 's/^/line /'
docker image ls --no-trunc --format 'tag {{.ID}} {{.Repository}}:{{.Tag}}' "$repository"
exit 0
