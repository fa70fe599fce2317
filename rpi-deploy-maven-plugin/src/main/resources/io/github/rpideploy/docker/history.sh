# history_lines FILE COUNT : prints the last lines of the history. The last one may be torn: it gets an end.
history_lines() {
  [ ! -r "$1" ] || { tail -n "$2" "$1" | sed 's/^/line /'; echo; }
}
