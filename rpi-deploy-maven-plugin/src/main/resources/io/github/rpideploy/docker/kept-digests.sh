# Compose's digests of services, as far as they are kept in $hashes: a line with the key of what compose read, see config-key.sh,
# and then lines "SERVICE DIGEST".

# kept_digest KEY : prints that of $service, if compose would read the same now.
kept_digest() {
  [ -n "$1" ] && [ "$(head -n 1 "$hashes" 2>/dev/null)" = "$1" ] || return 0
  while read -r name digest; do [ "$name" != "$service" ] || echo "$digest"; done <"$hashes"
}

# keep_digest KEY DIGEST : keeps that of $service, beside those of the same key.
keep_digest() {
  [ -n "$1" ] && [ -n "$2" ] || return 0
  {
    { if [ "$(head -n 1 "$hashes")" = "$1" ]; then cat "$hashes"; else echo "$1"; fi; echo "$service $2"; } >"$hashes.new" &&
      mv -f "$hashes.new" "$hashes"
  } 2>/dev/null
}
