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
