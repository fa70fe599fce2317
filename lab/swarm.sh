# shellcheck shell=bash
# Several Pis that are one Docker Swarm. Sourced by lab/pi, after box.sh and relay.sh.
# State of a manager NAME-1, in $CACHE/pi/NAME-1: nodes (the host keys of the other nodes, by their addresses in the lab's network).

swarm() {
  local action=${1:-}
  (($# == 0)) || shift
  case $action in
    up | down) "swarm_$action" "$@" ;;
    *) usage >&2 && exit 2 ;;
  esac
}

swarm_up() {
  local name=swarm count='' options=() number
  while (($# > 0)); do
    case $1 in
      --suite | --store) options+=("$1" "${2:?}") && shift ;;
      --disk) options+=("$1") ;;
      --*) die "no such option: $1" "See: lab/pi help" ;;
      [0-9]*) count=$1 ;;
      *) name=$1 ;;
    esac
    shift
  done
  check_name "$name"
  [[ $count =~ ^[1-9][0-9]?$ ]] || die "not a number of Pis: '$count'" "Write it like: lab/pi swarm up $name 3"
  # Each in a shell of its own, which lets the lock go.
  for ((number = 1; number <= count; number++)); do (up "$name-$number" "${options[@]}"); done
  lock
  manage "$name-1"
  for ((number = 2; number <= count; number++)); do join "$name-1" "$name-$number"; done
  for ((number = 2; number <= count; number++)); do
    echo "$(box_address "$name-$number") $(host_key "$name-$number")"
  done >"$(pi_state "$name-1")/nodes"
  files "$name-1"
  say "swarm $name: $count Pis, its manager is $name-1"
}

swarm_down() {
  local name=${1:-swarm} node
  check_name "$name"
  for node in $(pi_names); do
    [[ ! $node =~ ^$name-[0-9]+$ ]] || down "$node"
  done
}

# other_nodes NAME : what a manager's known_hosts has besides its own key; nothing for another Pi.
other_nodes() { cat "$(pi_state "$1")/nodes" 2>/dev/null || true; }

# engine_of NAME ARGUMENTS... : docker, on that Pi.
engine_of() {
  local box
  box=$(container "$1")
  shift
  docker exec "$box" docker "$@"
}

# manage NAME : makes it the manager of a swarm, unless it is. A boot may have given it another address, which a swarm does not
# survive: `swarm init --force-new-cluster` would keep the services, and go on telling the other nodes the old address.
manage() {
  local name=$1 address
  address=$(box_address "$name")
  case $(engine_of "$name" info -f '{{.Swarm.LocalNodeState}} {{.Swarm.ControlAvailable}} {{.Swarm.NodeAddr}}') in
    "active true $address") return ;;
    inactive*) ;;
    *) engine_of "$name" swarm leave --force >/dev/null ;;
  esac
  engine_of "$name" swarm init --advertise-addr "$address" >/dev/null
  say "Pi $name: manages a new swarm at $address"
}

# join MANAGER NAME : makes it a worker of that swarm, unless it is. What the swarm still lists by its name is removed first.
join() {
  local manager=$1 name=$2 node
  if joined "$manager" "$name"; then return; fi
  engine_of "$name" swarm leave --force >/dev/null 2>&1 || true
  for node in $(nodes_named "$manager" "$(docker inspect -f '{{.Config.Hostname}}' "$(container "$name")")"); do
    engine_of "$manager" node rm --force "$node" >/dev/null
  done
  engine_of "$name" swarm join --token "$(engine_of "$manager" swarm join-token -q worker)" "$(box_address "$manager"):2377" >/dev/null
  say "Pi $name: joined the swarm of $manager"
}

# joined MANAGER NAME : whether it is a node of that swarm, by its present address. After a boot it takes some seconds to say so.
joined() {
  local manager=$1 name=$2 state node try
  read -r state node < <(engine_of "$name" info -f '{{.Swarm.LocalNodeState}} {{.Swarm.NodeID}}')
  [[ $state == active || $state == pending ]] || return 1
  for ((try = 0; try < 40; try++)); do
    case $(engine_of "$manager" node inspect -f '{{.Status.State}} {{.Status.Addr}}' "$node" 2>/dev/null) in
      "ready $(box_address "$name")") return ;;
      '') return 1 ;; # it is of another swarm
    esac
    sleep 0.5
  done
  return 1
}

# nodes_named MANAGER HOSTNAME : their ids.
nodes_named() { engine_of "$1" node ls --format '{{.Hostname}} {{.ID}}' | awk -v name="$2" '$1 == name { print $2 }'; }
