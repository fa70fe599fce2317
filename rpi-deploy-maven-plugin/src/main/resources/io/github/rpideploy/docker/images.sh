# images : prints a line for every image, with its tags and layers, and a line for what is noted of it in $notes.
# A digest that was printed before is not repeated: =3 is the fourth one of the answer.
images() {
  command -v awk >/dev/null || awk() { cat; }
  ids=$(docker image ls --quiet --no-trunc | sort -u)
  {
    # shellcheck disable=SC2086  # $ids is words
    [ -z "$ids" ] || docker image inspect --format 'image {{.Id}}{{range .RepoTags}} {{.}}{{end}}{{range .RootFS.Layers}} {{.}}{{end}}' $ids 2>/dev/null
    for id in $ids; do
      f=$notes/${id#sha256:}
      [ ! -r "$f" ] || echo "note ${id#sha256:} $(head -n 1 "$f")"
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
