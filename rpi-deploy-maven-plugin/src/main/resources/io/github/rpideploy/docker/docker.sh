# docker ARGUMENT... : calls Docker by its path $docker. $with stands before it: sudo -n, env DOCKER_HOST=..., or nothing.
docker() {
  # shellcheck disable=SC2086  # $with is words
  $with "$docker" "$@"
}
