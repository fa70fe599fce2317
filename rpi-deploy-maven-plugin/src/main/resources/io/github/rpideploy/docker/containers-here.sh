# containers_here OPTION... : docker ps of all containers that compose has made in the present directory.
#
# Docker knows them by the directory's name, which has two spellings where a link leads to it.
containers_here() {
  here=$(pwd) really=$(pwd -P)
  docker ps -a "$@" --no-trunc --filter "label=com.docker.compose.project.working_dir=$here" </dev/null || return
  [ "$here" = "$really" ] ||
    docker ps -a "$@" --no-trunc --filter "label=com.docker.compose.project.working_dir=$really" </dev/null
}
