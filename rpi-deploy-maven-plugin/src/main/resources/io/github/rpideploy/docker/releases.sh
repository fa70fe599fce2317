# The label of a container that a proof creates. leftovers.sh removes those that were left when a proof was ended.
proof=io.github.rpideploy.proof=yes

# prove [TAG PLATFORM IDS NOTE]... : tells of each release whether it is there and usable. If $record is not empty,
# writes the note of a usable one to a file in $notes, unless its image has none of the ids.
#
# A note appears as a whole or not at all. leftovers.sh removes the notes of images that are gone.
prove() {
  while [ $# -gt 0 ]; do
    if check "$1" "$2" && [ -n "$record" ] && [ -n "$4" ]; then
      case " $3 " in *" $id "*)
        new=$notes/.$id.$$
        if { mkdir -p "$notes" && printf '%s\n' "$4" >"$new" && mv "$new" "$notes/$id"; } 2>/dev/null
        then echo "$facts ." >>"${notes%/*}/layers"
        else echo "unrecorded $1"
        fi ;;
      esac
    fi
    shift 4
  done
}

# check TAG PLATFORM : creates a container of the image, never starts it, and removes it. The argument "true" is never
# run; it makes an image without entrypoint or command acceptable.
check() {
  facts=$(docker image inspect --format '{{.Id}}{{range .RootFS.Layers}} {{.}}{{end}}' "$1" 2>/dev/null) || {
    echo "absent $1 $(docker image inspect "$1" 2>&1 >/dev/null | tr '\n' ' ')"
    return 1
  }
  echo "found $1 $facts"
  id=${facts%% *} id=${id#sha256:}
  removed=
  if said=$(docker create --pull never --label "$proof" --platform "$2" "$1" true 2>&1) &&
    removed=$(docker rm -v "$(printf '%s\n' "$said" | tail -n 1)" 2>&1)
  then return 0
  fi
  rm -f -- "$notes/$id"
  echo "unusable $1 $(printf '%s %s' "$said" "$removed" | tr '\n' ' ')"
  return 1
}
