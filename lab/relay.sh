# shellcheck shell=bash
# The relay in front of a Pi's sshd: start it, talk to it. Sourced by lab/pi, after lib.sh.
# State of Pi NAME, in $CACHE/pi/NAME: relay (its ports), relay.pid, relay.log, link (the rate and delay that were set).

pi_state() { echo "$CACHE/pi/$1"; }

# relay_classes : prints where the compiled relay is; compiles it once per version.
relay_classes() {
  local classes
  classes=$CACHE/relay-$(recipe "$LAB/Relay.java")
  if [[ ! -d $classes ]]; then
    have javac || die "the lab needs a JDK (17 or later) for its relay" "On Debian and Ubuntu: apt-get install openjdk-17-jdk-headless"
    javac -d "$classes.part" "$LAB/Relay.java" && mv "$classes.part" "$classes"
  fi
  echo "$classes"
}

relay_pid() { cat "$(pi_state "$1")/relay.pid" 2>/dev/null || true; }

# relay_value NAME port|control
relay_value() { sed -n "s/^$2=//p" "$(pi_state "$1")/relay" 2>/dev/null || true; }

# relay_ask NAME COMMAND... : one line out, one line back.
relay_ask() {
  local name=$1 control answer
  shift
  control=$(relay_value "$name" control)
  if ! alive "$(relay_pid "$name")" Relay || [[ -z $control ]]; then
    die "the relay of the Pi '$name' does not run" "Start it with: lab/pi up $name"
  fi
  exec 7<>"/dev/tcp/127.0.0.1/$control" || die "the relay of the Pi '$name' does not answer" "Start it again with: lab/pi up $name"
  echo "$*" >&7
  IFS= read -r -t 5 answer <&7 || die "the relay of the Pi '$name' gave no answer to: $*"
  exec 7>&-
  [[ $answer != error* ]] || die "relay: $answer"
  echo "$answer"
}

# relay_field FIELD ANSWER : one value of "up=1 down=2 ...".
relay_field() { sed -n "s/.*\b$1=\([^ ]*\).*/\1/p" <<<"$2"; }

# ensure_relay NAME HOST PORT : makes sure that a relay of this version runs and leads to HOST:PORT.
ensure_relay() {
  local name=$1 host=$2 port=$3 state classes pid try
  state=$(pi_state "$name")
  classes=$(relay_classes)
  pid=$(relay_pid "$name")
  if alive "$pid" "$classes Relay"; then
    relay_ask "$name" target "$host" "$port" >/dev/null
    return
  fi
  end "$pid" Relay
  local before
  before=$(relay_value "$name" port)
  mkdir -p "$state"
  rm -f "$state/relay"
  # shellcheck disable=SC2086  # without an earlier port, no argument
  setsid nohup java -Xmx256m -XX:+UseSerialGC -cp "$classes" Relay "$state/relay" "$host" "$port" $before \
    >"$state/relay.log" 2>&1 </dev/null 9>&- &
  echo $! >"$state/relay.pid"
  for ((try = 0; try < 100; try++)); do
    [[ ! -f $state/relay ]] || break
    sleep 0.1
  done
  [[ -f $state/relay ]] || die "the relay did not start" "$(tail -n 5 "$state/relay.log")"
  # shellcheck disable=SC2046  # two words
  [[ ! -f $state/link ]] || relay_ask "$name" link $(<"$state/link") >/dev/null
  say "Pi $name: relay on 127.0.0.1:$(relay_value "$name" port)"
}

# bits RATE : 20mbit -> 20000000
bits() {
  [[ $1 =~ ^([0-9]+)(k|m|g)?bit$ ]] || die "not a rate: $1" "Write it like 500kbit, 20mbit or 1gbit."
  case ${BASH_REMATCH[2]} in
    k) echo "${BASH_REMATCH[1]}000" ;;
    m) echo "${BASH_REMATCH[1]}000000" ;;
    g) echo "${BASH_REMATCH[1]}000000000" ;;
    *) echo "${BASH_REMATCH[1]}" ;;
  esac
}

# micros DELAY : 30ms -> 30000
micros() {
  [[ $1 =~ ^([0-9]+)(us|ms|s)$ ]] || die "not a delay: $1" "Write the round trip time like 30ms or 1s."
  case ${BASH_REMATCH[2]} in
    us) echo "${BASH_REMATCH[1]}" ;;
    ms) echo "${BASH_REMATCH[1]}000" ;;
    s) echo "${BASH_REMATCH[1]}000000" ;;
  esac
}
