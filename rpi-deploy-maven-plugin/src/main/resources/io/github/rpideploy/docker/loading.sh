# What is being loaded is written to a file in $loading, because a power cut may leave images that look well and have
# files without content. A file has two lines that say since when the machine runs, and then release tags.

# running_since : prints what is another one after each boot; the second line for a Pi that is a container.
running_since() {
  cat /proc/sys/kernel/random/boot_id
  cut -d ' ' -f 22 /proc/1/stat
}

# begin_loading [TAG PLATFORM IDS NOTE]... : to be called before a load. The file is gone when the script ends.
begin_loading() {
  file=$loading/$$
  mkdir -p "$loading" 2>/dev/null || return 0
  trap 'rm -f -- "$file"' EXIT
  { running_since; while [ $# -gt 0 ]; do echo "$1"; shift 4; done; } >"$file"
  sync "$file" 2>/dev/null
}

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
