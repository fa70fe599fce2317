# Keeps what docker stack deploy is to be told of a service; it comes on standard input, and $sum is its SHA-256. It may hold secrets.
# A cut connection looks like the end of input. Prints "put".
set -u
directory=$1 service=$2 sum=$3
umask 077
mkdir -p -- "$directory/.rpi/swarm" && CDPATH='' cd -- "$directory/.rpi/swarm" || exit 1
cat >".$service.new" || exit 1
case $(sha256sum <".$service.new") in "$sum "*) ;; *) rm -f ".$service.new"; echo incomplete >&2; exit 1 ;; esac
echo put
