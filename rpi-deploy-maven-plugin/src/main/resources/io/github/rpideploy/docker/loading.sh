# What is being loaded is written to a file in $loading, because a power cut may leave images that look well and have
# files without content. A file has two lines that say since when the machine runs, and then release tags.

# begin_loading [TAG PLATFORM IDS NOTE]... : to be called before a load. The file is gone when the script ends.
begin_loading() {
  loading=${notes%/*}/loading
  file=$loading/$$
  mkdir -p "$loading" 2>/dev/null || return 0
  trap 'rm -f -- "$file"' EXIT
  { running_since; while [ $# -gt 0 ]; do echo "$1"; shift 4; done; } >"$file"
  sync "$file" 2>/dev/null
}

# load_and_prove [TAG PLATFORM IDS NOTE]... : has load, a function, load the archive on standard input.
# After a load that failed nobody knows what is there: nothing is noted.
# What is proved outlives a power cut: nothing live depends on it before. $root is the Engine's directory.
load_and_prove() {
  # Whoever does not listen any more must not end the script before the file of the load is gone.
  trap '' PIPE HUP
  begin_loading "$@"
  record=yes
  said=$(load 2>&1)
  status=$?
  [ $status -eq 0 ] || record=
  echo "loaded $status $(printf '%s' "$said" | tr '\n' ' ')"
  prove "$@"
  engine_durable "$root"
}
