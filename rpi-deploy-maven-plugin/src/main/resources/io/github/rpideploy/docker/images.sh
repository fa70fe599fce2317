# images : prints a line for every image, with its tags and layers, and a line for what is noted of it in $notes.
# A digest that was printed before is not repeated: =3 is the fourth one of the answer.
#
# The id of an image says which layers it has, so these are asked once and kept in a file beside the notes.
images() {
  command -v awk >/dev/null || awk() { cat; }
  known=${notes%/*}/layers learned=
  named=$(docker image ls --no-trunc --format '{{.ID}} {{.Repository}}:{{.Tag}}') || return
  ids=$(printf '%s\n' "$named" | sed 's/ .*//; /^$/d' | sort -u)
  held=$(held_layers)
  new=$({ printf '%s\n' "$ids"; printf '%s\n%s\n' "$held" "$held" | sed 's/ .*//'; } | sort | uniq -u)
  if [ -n "$new" ]; then
    # shellcheck disable=SC2086  # $new is words
    learned=$(docker image inspect --format '{{.Id}}{{range .RootFS.Layers}} {{.}}{{end}} .' $new 2>/dev/null)
    held=$(printf '%s\n' "$held" "$learned" | sed '/^$/d')
  fi
  # Each load adds a line, and images go.
  if [ -n "$learned" ] || [ "$({ wc -l <"$known"; } 2>/dev/null || echo 0)" -gt $((2 * $(printf '%s\n' "$ids" | wc -l))) ]; then
    { mkdir -p "${known%/*}" && printf '%s\n' "$held" >"$known.$$" && mv "$known.$$" "$known"; } 2>/dev/null
  fi
  {
    { printf '%s\n' "$held" | sed 's/ / of /'; printf '%s\n' "$named" | sed 's/ / called /'; } | sort | each_image
    for id in $ids; do
      f=$notes/${id#sha256:}
      [ ! -r "$f" ] || { IFS= read -r note <"$f"; echo "note ${id#sha256:} ${note-}"; }
    done
  } | sed 's/sha256://g' | awk '{
    line = $1
    for (i = 2; i <= NF; i++)
      if (length($i) != 64 || $i !~ /^[0-9a-f]+$/) line = line " " $i
      else if ($i in known) line = line " =" known[$i]
      else { known[$i] = count++; line = line " " $i }
    print line
  }'
}

# held_layers : prints what is known of images in $ids: the id, the layers, and a dot. A line that a power cut has torn has none.
held_layers() {
  { tr -d '\0' <"$known"; } 2>/dev/null | grep -x 'sha256:[0-9a-f]\{64\}\( sha256:[0-9a-f]\{64\}\)* \.' | while read -r id layers; do
    case "
$ids
" in *"
$id
"*) echo "$id $layers" ;; esac
  done | sort -u
}

# each_image : makes a line for each image of lines "ID called NAME" and, after those of the same image, "ID of LAYER... .".
each_image() {
  last='' names=''
  while read -r id what rest; do
    [ "$id" = "$last" ] || names=
    last=$id
    case $what$rest in
      of*) echo "image $id$names ${rest%.}" ;;
      *'<none>'*) ;;
      *) names="$names $rest" ;;
    esac
  done
}
