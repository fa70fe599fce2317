# shellcheck shell=bash
# What the scripts of the lab share. Sourced, never run.

# shellcheck disable=SC2034  # used by the scripts that source this file
LAB=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
CACHE=${RPI_LAB_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/rpi-lab}
LABEL=io.github.rpideploy.lab

# Messages go to stderr: stdout is for results.
say() { printf '==> %s\n' "$*" >&2; }

# die WHAT [WHAT TO DO...]
die() {
  printf 'lab: %s\n' "$1" >&2
  shift
  (($# == 0)) || printf '     %s\n' "$@" >&2
  exit 1
}

# step TITLE COMMAND... : runs it with its output in a log, and tells how long it took.
# On failure, shows the end of the log, where the whole is, and $HINT if set: what to do.
step() {
  local title=$1 log start=$SECONDS
  shift
  mkdir -p "$CACHE/log"
  log=$CACHE/log/$(tr -cs 'a-zA-Z0-9\n' '-' <<<"$title").log
  printf '==> %s' "$title" >&2
  # A plain `if "$@"` would switch off `set -e` in the function, hence the subshell.
  set +e
  (set -e; "$@") >"$log" 2>&1 </dev/null
  local status=$?
  set -e
  if ((status != 0)); then
    printf ' FAILED after %d s\n' $((SECONDS - start)) >&2
    tail -n 15 "$log" | sed 's/^/     | /' >&2
    die "$title failed (exit $status). The whole log: $log" ${HINT:+"$HINT"}
  fi
  printf ' (%d s)\n' $((SECONDS - start)) >&2
}

# lock : one setup at a time on this machine, however many checkouts there are.
# Whatever keeps running in the background must close fd 9, or it would hold the lock.
lock() {
  mkdir -p "$CACHE"
  exec 9>"$CACHE/lock"
  flock -w 900 9 || die "another lab command has been holding $CACHE/lock for 15 minutes" "Is one still running? Check with: ps -ef"
}

have() { command -v "$1" >/dev/null 2>&1; }

# as_root COMMAND... : directly, or through sudo where that needs no password.
as_root() { if ((EUID == 0)); then "$@"; else sudo -n "$@"; fi; }
can_be_root() { ((EUID == 0)) || sudo -n true 2>/dev/null; }

# distribution : "debian", "ubuntu", ...
distribution() { (. /etc/os-release 2>/dev/null && echo "${ID:-unknown}") || echo unknown; }

# recipe FILES AND WORDS... : twelve hex digits that change when any of them does.
recipe() {
  local part
  for part; do if [[ -f $part ]]; then cat "$part"; else echo "$part"; fi; done | sha256sum | cut -c1-12
}

# alive PID WORD : whether the process runs and is the one we mean, and not a later one with the same number.
alive() { [[ -n $1 && -r /proc/$1/cmdline ]] && tr '\0' ' ' <"/proc/$1/cmdline" 2>/dev/null | grep -qF -- "$2"; }

# end PID WORD : asks it to stop, waits, and then kills it.
end() {
  local try
  alive "$1" "$2" || return 0
  as_root kill "$1" 2>/dev/null || true
  for ((try = 0; try < 200; try++)); do
    alive "$1" "$2" || return 0
    sleep 0.1
  done
  as_root kill -9 "$1" 2>/dev/null || true
}

# apt_mirror : the first Debian mirror that this machine's own apt is configured with (deb822 .sources or classic .list).
apt_mirror() {
  { cat /etc/apt/sources.list.d/*.sources /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null || true; } |
    awk '/^URIs:/ && !found { found = $2 }
         /^deb / { for (i = 2; i <= NF; i++) if (!found && $i ~ /^(https?|file):/) found = $i }
         END { print found }'
}

# apt_proxy : the proxy that apt is configured with, for debootstrap and the image build.
apt_proxy() {
  local http_proxy=${http_proxy:-}
  [[ -n $http_proxy ]] || eval "$(apt-config shell http_proxy Acquire::http::Proxy 2>/dev/null)"
  echo "$http_proxy"
}

# install_packages PACKAGE... : on Debian and Ubuntu, as root.
install_packages() {
  as_root apt-get -q update
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install "$@"
}
