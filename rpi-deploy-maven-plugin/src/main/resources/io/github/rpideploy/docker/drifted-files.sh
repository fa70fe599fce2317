# drifted_files : prints "drifted WHAT SERVICE PATH" for each file of the stack that is not as it was sent: "changed" or
# "missing", with each service whose containers see it, or "-" for none.
drifted_files() {
  { as_sums <.rpi/files; sums_of <.rpi/files; } 2>/dev/null | sort | uniq -u | sed 's/^[0-9a-f]*  //' | sort -u |
    while IFS= read -r path; do
      what=missing
      [ ! -e "$path" ] || what=changed
      {
        for note in .rpi/made/*; do
          ! sed '1,2d; s/^[0-9a-f]*  //' "$note" 2>/dev/null | grep -qxF -- "$path" || echo "${note##*/}"
        done
        echo -
      } | while IFS= read -r service; do
        [ "$service" = - ] && [ -n "${found-}" ] || echo "drifted $what $service $path"
        found=yes
      done
    done
}
