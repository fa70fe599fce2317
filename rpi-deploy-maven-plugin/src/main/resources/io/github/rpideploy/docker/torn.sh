# remove_torn : removes the releases whose load a power cut has ended, and prints "removed TAG" for each.
remove_torn() {
  for file in "$loading"/*; do
    if [ ! -f "$file" ] || [ "$(head -n 2 "$file")" = "$(running_since)" ]; then continue; fi
    tail -n +3 "$file" | while read -r tag; do
      ! docker image rm "$tag" >/dev/null 2>&1 </dev/null || echo "removed $tag"
    done
    rm -f -- "$file"
  done
}
