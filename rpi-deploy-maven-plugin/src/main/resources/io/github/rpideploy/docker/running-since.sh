# running_since : prints what is another one after each boot; the second line for a Pi that is a container.
running_since() {
  cat /proc/sys/kernel/random/boot_id
  cut -d ' ' -f 22 /proc/1/stat
}
