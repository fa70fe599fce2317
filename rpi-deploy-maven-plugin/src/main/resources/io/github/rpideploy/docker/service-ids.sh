# service_ids COMPOSE... : prints the ids of the containers of $service. What an interrupted compose has left, whose name
# begins with twelve digits of an id, is none of them, nor what compose run has made. $list is options of compose ps.
service_ids() {
  # shellcheck disable=SC2086  # $list is words
  all=$("$@" ps $list -- "$service" </dev/null) || return
  [ -n "$all" ] || return 0
  # shellcheck disable=SC2086  # $all is words
  docker container inspect --format '{{.Id}} {{.Name}} {{index .Config.Labels "com.docker.compose.oneoff"}}' $all 2>/dev/null |
    sed '/^[^ ]* \/[0-9a-f]\{12\}_/d; / True$/d; s/ .*//'
}
