# Keeps lists of the files in layers, which are an archive on standard input. leftovers.sh removes them with the layer's last image.
# $deltas tells what became of the deltas of this shipment: "worked", "failed", or "none". Prints "off" when none is tried from now on.
set -u
lists=$HOME/$1 applier=$2 deltas=$3
. ./running-since.sh
. ./failed-deltas.sh
mkdir -p "$lists" 2>/dev/null && tar -x -o -m -f - -C "$lists" 2>/dev/null
case $deltas in
  worked) rm -f -- "$failed" ;;
  failed) keep_failure; ! deltas_fail || echo off ;;
esac
exit 0
