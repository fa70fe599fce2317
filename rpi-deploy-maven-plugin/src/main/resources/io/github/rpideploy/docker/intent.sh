# write_intent : notes how $service goes back, durably, if $intent says it. Prints "unnoted" and ends the script when it cannot.
# $intents is the directory.
write_intent() {
  [ -n "$intent" ] || return 0
  if ! said=$({ mkdir -p "$intents" && printf '%s\n' "$intent" >"$intents/.new" && mv -f "$intents/.new" "$intents/$service"; } 2>&1)
  then echo unnoted; printf '%s\n' "$said" >&2; exit 0
  fi
  durable .
}
