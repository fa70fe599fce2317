# space DIRECTORY : prints how many KiB are free where the Engine writes: its root directory, and containerd's.
space() {
  containerd=
  [ ! -d /var/lib/containerd ] || containerd=/var/lib/containerd
  for place in "$1" $containerd; do
    df -Pk -- "$place" 2>/dev/null | {
      read -r _ && read -r _ _ _ free _ && echo "space $free $place"
    }
  done
}
