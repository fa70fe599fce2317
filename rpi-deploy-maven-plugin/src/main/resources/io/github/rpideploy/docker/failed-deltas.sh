# Whoever cannot apply deltas would be sent each layer twice at each deploy. So a line is kept in $failed, beside $lists, for each
# delta that has failed since the last that worked. It says what must be another one for it to be tried again.
failed=${lists%/*}/failed-deltas

# delta_situation : prints what is another one after each start of the machine or of the Engine, and with each other version of what
# applies deltas, here or there.
delta_situation() {
  # Those that are not there are left out.
  set -- "$(command -v docker)" "$(command -v perl)" "$(command -v python3)" "$(command -v gzip)"
  programs=$(stat -L -c '%n %i %s %y' /run/docker.pid "${XDG_RUNTIME_DIR-}/docker.pid" "$@" 2>/dev/null)
  printf '%s\n' "$applier" "$(running_since)" "$programs" | tr '\n' ' '
}

# keep_failure : keeps that one has failed.
keep_failure() {
  now=$(delta_situation)
  { { grep -xF -- "$now" "$failed"; printf '%s\n' "$now"; } >"$failed.$$" && mv -- "$failed.$$" "$failed"; } 2>/dev/null
}

# deltas_fail : whether two have failed one after the other as things are. One may fail because something happened to it.
deltas_fail() { [ -s "$failed" ] && [ "$(grep -cxF -- "$(delta_situation)" "$failed")" -ge 2 ]; }
