# find_docker : prints the path of Docker and what must stand before it, and keeps both in $docker and $with.
# Ends the script when there is no Docker. docker.sh comes after the call: its function must not be found here.
#
# The PATH of a non-interactive SSH session may lack the directories that Docker is installed to.
# Nor does such a session have the DOCKER_HOST of a rootless Engine. Its socket is taken when the user
# cannot use the one of the system and has not chosen another.
find_docker() {
  PATH="$PATH:/usr/local/bin:/usr/bin:/bin:/snap/bin:$HOME/bin"
  docker=$(command -v docker) || { echo 'missing docker'; exit 0; }
  echo "docker $docker"
  if [ -z "$with${DOCKER_HOST-}${DOCKER_CONTEXT-}" ] && [ ! -w /var/run/docker.sock ] &&
    rootless=/run/user/$(id -u)/docker.sock && [ -S "$rootless" ] &&
    ! grep -q currentContext "${DOCKER_CONFIG:-$HOME/.docker}/config.json" 2>/dev/null
  then with="env DOCKER_HOST=unix://$rootless"
  fi
  echo "with $with"
}
