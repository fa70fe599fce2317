# Prints compose's digest of each service in $directory, once the compose file on standard input is in place.
# The arguments after the directory call compose.
set -u
directory=$1
shift
. ./compose-config.sh
CDPATH='' cd -- "$directory" || exit 1
compose_given 'config --hash *' "$@"
