# digests WHICH COMPOSE... : prints compose's digest of a service, or of all for "*", by the files in this directory. It knows
# services of every profile; version 1 only by their names. Before 1.28 there are no profiles.
digests() {
  which=$1
  shift
  "$@" --profile '*' config --hash "$which" 2>/dev/null </dev/null || "$@" config --hash "$which" 2>/dev/null </dev/null
}
