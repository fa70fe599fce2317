# make_containers : makes one for each release in the lines "RELEASE DIRECTORY" of $old, and leaves lines "CONTAINER:DIRECTORY" in
# $from. They are never started, and go when the shell ends. Tells why when it fails.
make_containers() {
  made='' from='' names=''
  trap remove_containers EXIT
  while read -r release directory; do
    case $names in
      *" $release="*) id=${names##* "$release"=} id=${id%% *} ;;
      *)
        said=$(docker create --pull never --label "$proof" --platform "$platform" "$release" true 2>&1 </dev/null)
        status=$? id=$(printf '%s\n' "$said" | tail -n 1)
        [ $status -eq 0 ] || { echo "$said"; return 1; }
        made="$made $id" names="$names $release=$id " ;;
    esac
    from="$from$id:$directory
"
  done <<END
$old
END
}

# remove_containers : an Engine that is started again meanwhile is waited for.
remove_containers() {
  [ -n "$made" ] || return 0
  for pause in 0 1 2 4 8; do
    sleep "$pause"
    # shellcheck disable=SC2086  # $made is words
    said=$(docker rm -v -f $made 2>&1 </dev/null) && return
    case $said in *'o such container'*) return ;; esac
  done
}
