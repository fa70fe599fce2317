# take_back COMPOSE... : lets every service go back whose deploy has ended without a verdict, the latest one first, and adds a line to
# the history for each. Prints "removed TAG", "back SERVICE", or "stuck SERVICE" and why: what is in $said.
#
# Who includes it has "back COMPOSE...", which takes $service back by $image, $live, $change and $old of its intent, and
# "engine_answers", which waits for an Engine that does. $history, $root, $loading and $keep are those of go-back.sh.
. ./durable.sh
. ./compose-file.sh
. ./add-to-history.sh
. ./running-since.sh
. ./torn.sh

# shellcheck disable=SC2034  # of an intent, back reads what it needs
take_back() {
  exec 8>>.rpi/live
  flock -w 900 8 || exit 1
  engine_answers
  remove_torn
  # shellcheck disable=SC2045  # names of services have no blanks
  for service in $(ls -t .rpi/intents 2>/dev/null); do
    old=
    { read -r image; read -r live; read -r change; read -r good; read -r bad && { read -r _; read -r old; true; }; } <".rpi/intents/$service" || continue
    line=$good
    if back "$@"; then echo "back $service"
    else
      line=$bad
      echo "stuck $service $(printf '%s' "$said" | tr '\n' ' ')"
    fi
    add_to_history "$history" "$(printf '%s' "$line" | sed "s/@when@/$(date -u +%Y-%m-%dT%H:%M:%SZ)/")"
    engine_durable "$root"
    durable .
    if [ "$line" = "$good" ] || [ -z "$keep" ] || [ -z "$image" ]; then rm -f ".rpi/intents/$service"; fi
  done
  rm -f .rpi/intents/.new
  rmdir .rpi/intents 2>/dev/null
  durable .
}
