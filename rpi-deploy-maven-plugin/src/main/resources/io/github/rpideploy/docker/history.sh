# history_lines FILE COUNT : prints the last lines of the history, and the last ones about each service that is not in
# them: one that is seldom deployed has something to go back to as well. The last line may be torn: it gets an end.
history_lines() {
  [ -r "$1" ] || return 0
  lines=$(tr -d '\0' <"$1" | grep -n '')
  {
    printf '%s\n' "$lines" | grep -o '"service":"[^"]*"' | sort -u | while read -r of; do
      printf '%s\n' "$lines" | grep -F -- "$of" | tail -n 5
    done
    printf '%s\n' "$lines" | tail -n "$2"
  } | sort -t : -k 1,1n -u | cut -d : -f 2- | sed 's/^/line /'
  echo
}

# add_to_history FILE LINE : adds a line at once. One that a power cut has torn before gets an end first, so that it
# spoils no other. After a power cut a file may also end in NULs, which the shell would not see.
add_to_history() {
  mkdir -p -- "${1%/*}"
  last=$(tail -c 1 "$1" 2>/dev/null | tr '\0' x)
  { [ -z "$last" ] || echo; printf '%s\n' "$2"; } >>"$1"
}
