# What is being loaded is written to a file in $loading, because a power cut may leave images that look well and have
# files without content. A file has two lines that say since when the machine runs, and then release tags.

# begin_loading [TAG PLATFORM IDS NOTE]... : to be called before a load. The file is gone when the script ends.
begin_loading() {
  file=$loading/$$
  mkdir -p "$loading" 2>/dev/null || return 0
  trap 'rm -f -- "$file"' EXIT
  { running_since; while [ $# -gt 0 ]; do echo "$1"; shift 4; done; } >"$file"
  sync "$file" 2>/dev/null
}
