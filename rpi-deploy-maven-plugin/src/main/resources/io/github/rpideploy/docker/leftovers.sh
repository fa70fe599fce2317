# What a load or a proof leaves that was ended.

# remove_proofs : removes the containers of such proofs, which keep their images from being removed. A younger one may be of a proof
# that goes on.
remove_proofs() {
  docker container prune --force --filter label=io.github.rpideploy.proof --filter until=10m >/dev/null 2>&1 </dev/null
}

# remove_notes IMAGES : removes the notes in $notes of images that are gone, and the lists of files of layers that no image has,
# as far as images.sh knows the layers. IMAGES has " sha256:ID " for each that is there.
remove_notes() {
  for note in "$notes"/*; do
    case $1 in *" sha256:${note##*/} "*) ;; *) rm -f -- "$note" ;; esac
  done
  lists=${notes%/*}/files layers=' '
  [ -d "$lists" ] || return 0
  while read -r id its; do
    case $1 in *" $id "*) layers="$layers$its " ;; esac
  done 2>/dev/null <"${notes%/*}/layers"
  for list in "$lists"/*; do
    case $layers in *" sha256:${list##*/} "*) ;; *) rm -f -- "$list" ;; esac
  done
}
