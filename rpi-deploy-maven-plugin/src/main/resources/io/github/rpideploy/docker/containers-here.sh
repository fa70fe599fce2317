# containers_here OPTION... : docker ps of all containers that compose has made in the present directory.
#
# Docker knows them by the directory's name, which has two spellings where a link leads to it.
containers_here() {
  { pwd; pwd -P; } | sort -u | while IFS= read -r here; do
    docker ps -a "$@" --no-trunc --filter "label=com.docker.compose.project.working_dir=$here" </dev/null
  done
}
