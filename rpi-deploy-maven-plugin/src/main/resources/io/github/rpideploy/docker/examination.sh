# Examines a Pi closely and keeps nothing there, not even a temporary file on a disk: it must work on a Pi whose disk is
# full. What goes along with a compose file is in memory for a moment.
#
# Prints a line "key value" for each finding, then "=yaml" and the compose file as compose reads it, "=config STATUS" and
# what compose complained about, and "=end". None of these is a line of YAML that compose prints.
# Of files and command lines that may hold secrets it only tells whether a word is in them.
#
# $given is empty when no compose file comes on standard input, and "files" when that is an archive with what goes along
# with it. Only compose may read that.
set -u
with=$1 directory=$2 format=$3 given=$4
. ./find-docker.sh
. ./machine.sh
. ./interpreter.sh
. ./compose-config.sh
. ./unsettled.sh
. ./project.sh
. ./stack-files.sh
echo "begin $(date +%s.%N)"
t='' overlay=''
trap '[ -z "$t" ] || rm -rf -- "$t"; echo "=end $(date +%s.%N)"' EXIT
trap 'exit 1' HUP INT TERM

# What needs no Docker.
echo "kernel $(uname -m)"
echo "page $(getconf PAGESIZE 2>/dev/null)"
! command -v vcgencmd >/dev/null || echo "throttled $(vcgencmd get_throttled 2>&1 | tr '\n' ' ')"
echo "interpreter $(interpreter)"
fourth() { tail -n 1 | { read -r _ all _ free _ && echo "$free $all"; }; }
disk() {
  kib=$(df -Pk -- "$2" 2>/dev/null | fourth)
  inodes=$(df -Pi -- "$2" 2>/dev/null | fourth)
  [ -z "$kib" ] || echo "disk $1 ${kib%% *} ${inodes:-- -} $2"
}
disk tmp "${TMPDIR:-/tmp}"
[ ! -d "$directory" ] || echo "directory $(CDPATH='' cd -- "$directory" && pwd)"
unwritable "$directory"
unsettled "$directory"
for p in tcp tcp6 udp udp6; do
  sed -n "s/^ *[0-9]*: \\([0-9A-F]*:[0-9A-F]*\\) [0-9A-F]*:0000 0[A7] .*/listener ${p%6} \\1/p" /proc/net/$p 2>/dev/null
done
ss -Hltnup 2>/dev/null | sed -n 's/^\([a-z]*\) .*:\([0-9][0-9]*\) .*users:((.\([^,]*\).,pid=\([0-9]*\).*/process \1 \2 \3 (process \4)/p'
emulated
for f in /etc/docker/daemon.json "$HOME/.config/docker/daemon.json"; do
  [ ! -e "$f" ] || echo "daemon-json yes"
  ! grep -qs max-size "$f" || echo "rotates yes"
done
! grep -qs max-size "/proc/$(pidof dockerd 2>/dev/null)/cmdline" || echo "rotates yes"

# What the Engine and compose know.
find_docker
. ./docker.sh
if ! said=$(docker version --format '{{.Server.Version}} {{.Server.Os}} {{.Server.Arch}}' 2>&1 </dev/null)
then echo "error $(printf '%s' "$said" | tr '\n' ' ')"; exit 0
fi
echo "server $said"
info=$(docker info --format 'driver {{.Driver}}
status {{json .DriverStatus}}
root {{.DockerRootDir}}
memory {{.MemTotal}}
limits-memory {{.MemoryLimit}}
log-driver {{.LoggingDriver}}
security {{json .SecurityOptions}}' 2>/dev/null </dev/null)
printf '%s\n' "$info"
disk docker "$(printf '%s\n' "$info" | sed -n 's/^root //p')"
[ ! -d /var/lib/containerd ] || disk containerd /var/lib/containerd
docker ps --format 'published {{.Names}}\t{{.Label "com.docker.compose.project.working_dir"}}\t{{.Label "com.docker.compose.service"}}\t{{.Ports}}' 2>/dev/null </dev/null
project "$directory" "$format" 2>/dev/null
docker image ls --format 'image {{.Repository}}:{{.Tag}}' 2>/dev/null </dev/null
if v=$(docker compose version --short 2>/dev/null </dev/null); then set -- docker compose
elif c=$(command -v docker-compose); then
  echo "standalone $c"
  # shellcheck disable=SC2086  # $with is words
  if ! v=$($with "$c" version --short 2>&1 </dev/null); then
    case $with in sudo*) echo "error $(printf '%s' "$v" | tr '\n' ' ')" ;; esac
    exit 0
  fi
  # shellcheck disable=SC2086  # $with is words
  set -- $with "$c"
else exit 0
fi
echo "compose $v"
if [ "$given" = files ]; then
  for t in "${XDG_RUNTIME_DIR-}" /dev/shm; do
    [ -n "$t" ] && t=$(mktemp -d "$t/rpi-deploy.XXXXXX" 2>/dev/null) && break
    t=
  done
fi
# read_project READ COMPOSE... : reads it as it will be.
read_project() {
  if [ -n "$overlay" ]; then directory=$overlay given=''; fi
  printf '%s\n' "$yaml" | "$@"
}
if [ -n "$t" ]; then
  mkdir "$t/given" && tar -x -o -m -f - -C "$t/given" 2>/dev/null
  (files_there "$t/given/files")
  overlay=$(make_overlay)
fi
if [ -n "$overlay" ] || [ -z "$given" ]; then yaml=
elif [ "$given" = files ]; then yaml=$(tar -x -O -f - compose 2>/dev/null)
else yaml=$(cat)
fi
echo '=yaml'
{ said=$(read_project compose_config "$@" 2>&1 1>&3); status=$?; } 3>&1
[ $status -ne 0 ] || (read_project every_config "$@")
echo "=config $status"
printf '%s\n' "$said" | sed "s|${overlay:-/dev/null}/||g"
