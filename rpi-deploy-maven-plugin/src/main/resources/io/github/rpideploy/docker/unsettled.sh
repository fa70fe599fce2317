# unsettled DIRECTORY : prints which services a deploy has left there without a verdict, and which one is replacing now.
unsettled() {
  for i in "$1"/.rpi/intents/*; do
    [ -e "$i" ] || continue
    if flock -n -s "$1/.rpi/lock" true 2>/dev/null; then echo "unsettled ${i##*/}"; else echo "replacing ${i##*/}"; fi
  done
}
