# compose_config COMPOSE... : prints the project in $directory as compose reads it. If $given is not empty,
# the compose file comes on standard input.
#
# Where the directory does not exist yet, compose runs in / and needs a project name: it derives none from there.
compose_config() {
  if [ -d "$directory" ]; then CDPATH='' cd -- "$directory" || return
  else cd / && set -- "$@" -p preview
  fi
  if [ -n "$given" ]; then "$@" -f - config; else "$@" config </dev/null; fi
}
