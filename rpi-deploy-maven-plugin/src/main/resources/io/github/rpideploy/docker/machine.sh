# emulated : prints the architectures that binfmt has an emulator for, as QEMU calls them.
emulated() {
  for f in /proc/sys/fs/binfmt_misc/qemu-*; do
    read -r state 2>/dev/null <"$f" && [ "$state" = enabled ] && echo "emulates-${f##*/qemu-} yes"
  done
}

# available : prints how many KiB programs could have now.
available() {
  while read -r key kib _; do
    case $key in MemAvailable:) echo "available $kib"; break ;; esac
  done </proc/meminfo
}

# unwritable DIRECTORY : prints what the user must be able to write to but cannot: the directory, or the
# nearest parent that exists.
unwritable() {
  d=$1
  while [ ! -e "$d" ] && [ "$d" != "$(dirname -- "$d")" ]; do d=$(dirname -- "$d"); done
  { [ -d "$d" ] && [ -w "$d" ]; } || echo "unwritable $d"
}
