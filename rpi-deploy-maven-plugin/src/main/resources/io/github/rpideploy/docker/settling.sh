. ./durable.sh

# settle_services SERVICE... : what they run outlives a power cut, and then the way back is forgotten.
# $proved is not empty when a service was proved good with the present compose file.
# $good is the image with which they were proved good, or empty: the history hears of it only when the deploy ends.
# $root is the Engine's directory.
settle_services() {
  engine_durable "$root"
  intents=${lock%/*}/intents
  good_ones=${lock%/*}/good
  [ -z "$good" ] || mkdir -p "$good_ones"
  for service; do
    [ -z "$good" ] || { printf '%s\n' "$good" >"$good_ones/.new" && mv -f "$good_ones/.new" "$good_ones/$service"; }
    rm -f "$intents/$service"
  done
  rmdir "$intents" 2>/dev/null
  [ -z "$proved" ] || rm -f "${lock%/*}/unproved"
  durable .
}
