# add_to_history FILE LINE : adds a line at once. One that a power cut has torn before gets an end first, so that it
# spoils no other. After a power cut a file may also end in NULs, which the shell would not see.
add_to_history() {
  mkdir -p -- "${1%/*}"
  last=$(tail -c 1 "$1" 2>/dev/null | tr '\0' x)
  { [ -z "$last" ] || echo; printf '%s\n' "$2"; } >>"$1"
}
