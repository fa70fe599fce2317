# durable PLACE... : returns when what was written to the file systems of these places would outlive a power cut.
#
# The Engine's directories can be opened by root only, but the place that their file system is mounted at by everybody.
# Where sync knows no file systems, all of them are written.
# engine_durable ROOT : the same for what the Engine has written, whose directory is given.
durable() {
  for place; do
    [ -n "$place" ] || continue
    mount=$(df -P -- "$place" 2>/dev/null | sed -n '$s/.*% //p')
    sync -f "${mount:-$place}" 2>/dev/null || sync
  done
}
engine_durable() {
  containerd=
  [ ! -d /var/lib/containerd ] || containerd=/var/lib/containerd
  durable "$1" $containerd
}
