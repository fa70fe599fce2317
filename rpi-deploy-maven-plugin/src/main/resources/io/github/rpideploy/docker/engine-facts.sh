# What changes only when the Engine starts again, or when docker or compose is another program, is kept in a file beside the
# notes: each docker command takes a Pi a tenth of a second or more. The first line of the file says when that was.

# engine_start FILE : prints what is another one after each start of the Engine, whose process id is in the file, and after each
# change of docker and compose. Prints nothing where that is not certain: another Engine than the system's may answer, or
# /proc does not show the processes of others.
engine_start() {
  config=${DOCKER_CONFIG:-$HOME/.docker}
  [ -z "$with${DOCKER_HOST-}${DOCKER_CONTEXT-}" ] || return
  [ ! -e "$config/config.json" ] || ! grep -qE 'currentContext|cliPluginsExtraDirs' "$config/config.json" || return
  process=''
  read -r process <"$1" || [ -n "$process" ] || return
  process_start "$process"
  [ "$name" = '(dockerd)' ] || return
  set -- "$docker" "$config/config.json"
  for at in "$config" /usr/local/lib/docker /usr/local/libexec/docker /usr/lib/docker /usr/libexec/docker; do
    set -- "$@" "$at/cli-plugins/docker-compose"
  done
  # Those that are not there are left out.
  tools=$(stat -L -c '%n %i %s %y %z' "$@" "$(command -v docker-compose)" 2>/dev/null)
  case $tools in *"$docker "*) ;; *) return ;; esac
  # shellcheck disable=SC2046,SC2086  # the lines of both become one
  echo $(running_since) "$process" "$started" $tools
} 2>/dev/null

# known_facts START : prints what was kept since then; fails if nothing was.
known_facts() {
  [ -n "$1" ] && {
    IFS= read -r line && [ "$line" = "$1" ] || return
    while IFS= read -r line; do
      [ "$line" != end ] || return 0
      printf '%s\n' "$line"
    done
    return 1
  } <"$facts"
} 2>/dev/null

# keep_facts START FILE : what is in the file holds from then on.
keep_facts() {
  [ -n "$1" ] && grep -q '^root ' "$2" && grep -q '^compose ' "$2" || return 0
  { mkdir -p "${facts%/*}" && { printf '%s\n' "$1"; cat "$2"; echo end; } >"$facts.$$" && mv "$facts.$$" "$facts"; } 2>/dev/null
}
