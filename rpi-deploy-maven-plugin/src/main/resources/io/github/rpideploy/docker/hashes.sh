# Prints compose's digest of $which service in $directory, or of all for "*". If $given is not empty, the compose file comes
# on standard input and is not in place yet.
# A deploy keeps those of all services, by the key of what compose reads now: service-now.sh tells them while that is the same.
# The remaining arguments call compose, whose version is $version.
set -u
directory=$1 given=$2 which=$3 version=$4
shift 4
. ./compose-config.sh
. ./config-key.sh
. ./digests.sh
CDPATH='' cd -- "$directory" || exit 1
directory=.
if [ -z "$given" ]; then
  all=$(digests "$which" "$@") || exit
  printf '%s\n' "$all"
  # Who only looks keeps nothing.
  if [ "$which" != '*' ] || [ ! -e .rpi/lock ] || flock -n -s .rpi/lock true 2>/dev/null; then exit 0; fi
  again=:
  if may_have_profiles . /dev/null; then again=every_config; fi
  key=$({ compose_config "$@" 2>/dev/null; $again "$@"; } | config_key "$version" -)
  [ -z "$key" ] || { printf '%s\n' "$key" "$all" >.rpi/hashes.new && mv -f .rpi/hashes.new .rpi/hashes; } 2>/dev/null
  exit 0
fi
yaml=$(cat)
given_digests() { printf '%s\n' "$yaml" | compose_given "config --hash $which" "$@"; }
given_digests "$@" --profile '*' 2>/dev/null || given_digests "$@"
