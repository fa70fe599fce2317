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

# every_config COMPOSE... : prints "# of all profiles" and the project as compose reads it when they all are active, so that a
# service of another profile is found: compose up starts it when it is named. Prints nothing for a project without profiles.
every_config() {
  every=$(compose_config "$@" --profile '*' 2>/dev/null)
  case $every in *profiles:*) echo '# of all profiles'; printf '%s\n' "$every" ;; esac
}

# may_have_profiles DIRECTORY GIVEN : whether a file there, or one that it names, may speak of profiles: else compose need not
# be asked twice. All that is given is small; below the directory may be anything.
may_have_profiles() {
  words='profiles|include|extends|COMPOSE_FILE'
  [ -n "${COMPOSE_FILE-}" ] || grep -qsE "$words" "$1"/*.y*ml "$1/.env" "$2/yaml" || grep -rqsE "$words" "$2/given"
}

# compose_given ARGUMENTS COMPOSE... : calls compose with the file on standard input in place of compose.yaml, beside
# the files that it reads by itself: those in COMPOSE_FILE, or an override file. ARGUMENTS is words.
#
# Version 1 would read nothing but "-" then. It reads /dev/stdin like any file, but more than once.
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
  input=-
  case " $*" in *[\ /]docker-compose*) as_file && set -- "$@" --project-directory . && input=/dev/stdin ;; esac
  while [ -n "$files" ]; do
    f=${files%%:*}
    case $f in compose.yaml|./compose.yaml) f=$input ;; esac
    set -- "$@" -f "$f"
    case $files in *:*) files=${files#*:} ;; *) files= ;; esac
  done
  # shellcheck disable=SC2086  # $arguments is words
  set -f && "$@" $arguments
}

# as_file : makes standard input a file in memory that has no name any more.
as_file() {
  for d in "${XDG_RUNTIME_DIR-}" /dev/shm; do
    if [ -n "$d" ] && copy=$(mktemp "$d/rpi-deploy.XXXXXX" 2>/dev/null); then
      cat >"$copy"
      exec <"$copy"
      rm -f -- "$copy"
      return
    fi
  done
  return 1
}
