# Prints compose's digest of $which service in $directory, or of all for "*". If $given is not empty, the compose file comes
# on standard input and is not in place yet.
# The remaining arguments call compose.
set -u
directory=$1 given=$2 which=$3
shift 3
. ./compose-config.sh
. ./digests.sh
CDPATH='' cd -- "$directory" || exit 1
if [ -z "$given" ]; then digests "$which" "$@"; exit; fi
yaml=$(cat)
given_digests() { printf '%s\n' "$yaml" | compose_given "config --hash $which" "$@"; }
given_digests "$@" --profile '*' 2>/dev/null || given_digests "$@"
