# service_ids COMPOSE... : prints the ids of the containers of $service, whose project is in the present directory. What an
# interrupted compose has left, whose name begins with twelve digits of an id, is none of them, nor what compose run has made.
#
# Docker is asked, which costs a quarter of what compose costs. Compose is asked where Docker does not know any, or those of
# more than one project: with another name of the project, or of the directory. $list is options of compose ps.
. ./containers-here.sh
service_ids() {
  all=$(of_directory)
  case $(printf '%s\n' "$all" | sed 's/^[^ ]* [^ ]* //; s/ .*//' | sort -u) in
    '' | *[!a-zA-Z0-9_-]*) all=$(of_compose "$@") || return ;;
  esac
  printf '%s\n' "$all" | sort -k 2 | sed '/^[^ ]* \/[0-9a-f]\{12\}_/d; / True$/d; s/ .*//; /^$/d'
}

# of_directory : prints id, /name, project and whether compose run has made it, of each container of $service.
of_directory() {
  containers_here --filter "label=com.docker.compose.service=$service" \
    --format '{{.ID}} /{{.Names}} {{.Label "com.docker.compose.project"}} {{.Label "com.docker.compose.oneoff"}}' 2>/dev/null
}

# of_compose COMPOSE... : the same, of those that compose lists.
of_compose() {
  # shellcheck disable=SC2086  # $list is words
  ids=$("$@" ps $list -- "$service" </dev/null) || return
  [ -n "$ids" ] || return 0
  # shellcheck disable=SC2086  # $ids is words
  docker container inspect --format '{{.Id}} {{.Name}} - {{index .Config.Labels "com.docker.compose.oneoff"}}' $ids 2>/dev/null
  return 0
}
