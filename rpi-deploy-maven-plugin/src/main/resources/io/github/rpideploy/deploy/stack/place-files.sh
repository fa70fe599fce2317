# sum_of FILE : its SHA-256.
sum_of() {
  sum=$({ sha256sum <"$1"; } 2>/dev/null)
  echo "${sum%% *}"
}

# as_sums : turns lines of a list of files into what sha256sum prints.
as_sums() { sed 's/ [0-7]* /  /'; }

# without LINES LIST : the numbered lines of a file that a list has not.
without() { if [ -s "$2" ]; then grep -nvxF -f "$2" "$1"; else grep -n '' "$1"; fi; }

# compare_files : writes to $new/lacking the lines of the files that must be put in place, to $new/gone those of the files
# that are no longer needed, and to $new/stop what speaks against it.
compare_files() {
  cat .rpi/files >"$new/record" 2>/dev/null
  as_sums <"$new/files" >"$new/wanted"
  as_sums <"$new/record" >"$new/ours"
  : >"$new/stop"
  cat "$new/files" "$new/record" | cut -d ' ' -f 3- | sort -u | tr '\n' '\0' |
    xargs -0 -r sha256sum -- 2>/dev/null >"$new/there"
  without "$new/wanted" "$new/there" >"$new/lacking"
  while IFS= read -r line; do
    n=${line%%:*} path=${line#*  }
    line=${line#*:}
    if [ ! -f "$new/$n" ] || [ "$(sum_of "$new/$n")" != "${line%% *}" ]; then echo "lacking $path"
    elif [ -d "$path" ] && [ ! -L "$path" ]; then
      [ -z "$(ls -A -- "$path" 2>&1)" ] || echo "conflict $path"
    elif [ -e "$path" ] || [ -L "$path" ]; then
      [ -n "$overwrite" ] || is_ours "$path" || echo "conflict $path"
    fi
  done <"$new/lacking" >>"$new/stop"
  cut -d ' ' -f 3- "$new/files" >"$new/paths"
  cut -d ' ' -f 3- "$new/record" >"$new/recorded"
  without "$new/recorded" "$new/paths" | sed 's/^[0-9]*://' >"$new/gone"
}

# is_ours FILE : whether it has the content that was sent last.
is_ours() { [ ! -L "$1" ] && grep -qxF -- "$(sum_of "$1")  $1" "$new/ours"; }

# save_files : keeps a copy of each file that will be replaced or removed, with the record, and the names of those that are new.
save_files() {
  if [ -z "$files" ]; then
    rm -rf "$before" && mkdir -p "$before/tree" && chmod 700 "$before" && cp "$new/record" "$before/files" &&
      : >"$before/new" || return
  fi
  { sed 's/^[0-9]*:[0-9a-f]*  //' "$new/lacking"; cat "$new/gone"; } >"$new/touched"
  while IFS= read -r path; do
    if [ -e "$before/tree/$path" ] || grep -qxF -- "$path" "$before/new"; then continue; fi
    if [ -f "$path" ]; then
      case $path in */*) mkdir -p -- "$before/tree/${path%/*}" || return ;; esac
      cp -p -- "$path" "$before/tree/$path" || return
    else printf '%s\n' "$path" >>"$before/new" || return
    fi
  done <"$new/touched"
}

# place_files : does what compare_files has found, and writes the record.
place_files() {
  while IFS= read -r line; do
    n=${line%%:*} path=${line#*  }
    mode=$(sed -n "${n}s/^[0-9a-f]* \\([0-7]*\\) .*/\\1/p" "$new/files")
    case $path in */*) mkdir -p -- "${path%/*}" || return ;; esac
    # Docker makes an empty directory where a file is mounted that is not there.
    if [ -d "$path" ] && [ ! -L "$path" ]; then rmdir -- "$path" || return; fi
    chmod "$mode" "$new/$n" && mv -f -- "$new/$n" "$path" || return
  done <"$new/lacking"
  without "$new/files" "$new/record" | sed 's/^[0-9]*:[0-9a-f]* //' | while IFS= read -r line; do
    chmod -- "${line%% *}" "${line#* }" 2>/dev/null
  done
  while IFS= read -r path; do
    [ -e "$path" ] || continue
    if is_ours "$path"; then rm -f -- "$path" && echo "removed $path"
    else echo "kept $path"
    fi
  done <"$new/gone"
  cmp -s "$new/files" "$new/record" || mv -f "$new/files" .rpi/files
}
