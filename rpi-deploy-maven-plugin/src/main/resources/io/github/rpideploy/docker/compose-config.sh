# compose_config COMPOSE... : prints the project in $directory as compose reads it. If $given is not empty,
# the compose file comes on standard input.
#
# Where the directory does not exist yet, compose runs in / and needs a project name: it derives none from there.
compose_config() {
  if [ -d "$directory" ]; then CDPATH='' cd -- "$directory" || return
  else cd / && set -- "$@" -p preview
  fi
  if [ -n "$given" ]; then compose_given config "$@"; else "$@" config </dev/null; fi
}

# compose_given ARGUMENTS COMPOSE... : calls compose with the file on standard input in place of compose.yaml, beside
# the files that it reads by itself: those in COMPOSE_FILE, or an override file. ARGUMENTS is words.
#
# Version 1 reads nothing but standard input then.
compose_given() {
  arguments=$1
  shift
  files=${COMPOSE_FILE-$(sed -n 's/^COMPOSE_FILE=//p' .env 2>/dev/null | tail -n 1 | tr -d "\"'")}
  if [ -z "$files" ]; then
    files=compose.yaml
    for f in compose.override.yml compose.override.yaml docker-compose.override.yml docker-compose.override.yaml; do
      [ ! -e "$f" ] || { files=$files:$f; break; }
    done
  fi
  while [ -n "$files" ]; do
    f=${files%%:*}
    case $f in compose.yaml|./compose.yaml) f=- ;; esac
    set -- "$@" -f "$f"
    case $files in *:*) files=${files#*:} ;; *) files= ;; esac
  done
  # shellcheck disable=SC2086  # $arguments is words
  set -f && "$@" $arguments
}
