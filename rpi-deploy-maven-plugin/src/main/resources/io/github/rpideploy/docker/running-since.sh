# running_since : prints what is another one after each boot; the second line for a Pi that is a container.
running_since() {
  boot=''
  read -r boot </proc/sys/kernel/random/boot_id
  process_start 1
  printf '%s\n' "$boot" "$started"
}

# process_start ID : sets $name and $started to what /proc tells of a process: its name in parentheses, and when it was started.
# shellcheck disable=SC2034  # $name is for others
process_start() {
  name='' started=''
  read -r _ name _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ started _ <"/proc/$1/stat"
}
