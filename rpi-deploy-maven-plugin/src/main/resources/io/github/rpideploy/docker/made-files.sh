. ./as-sums.sh

# made_files RECORD USE... : prints what sha256sum prints for the files of a record that are named, or are in a directory
# that is named: what a container sees that is made now.
made_files() {
  record=$1
  shift
  { as_sums <"$record"; } 2>/dev/null | while IFS= read -r sum; do
    path=${sum#*  }
    for use; do
      case $use in "$path" | .) printf '%s\n' "$sum"; break ;; esac
      case $path in "$use"/*) printf '%s\n' "$sum"; break ;; esac
    done
  done
}
