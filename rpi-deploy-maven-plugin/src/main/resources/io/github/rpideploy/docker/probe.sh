# Finds Docker and compose and asks for all that a deploy must know: a line "key value" for each fact, then
# "config STATUS", and then the compose file as compose reads it or what compose complained about.
# What it reads when all profiles are active comes after that.
#
# $given is the SHA-256 of the compose file on standard input, or empty. $files is that of the list of files that go along
# with it, or empty: then standard input is the compose file, else an archive with both and with what compose must read.
# When the Pi has the same, standard input is not read: it arrives a round trip after the rest.
# Everything is asked at the same time: each docker command takes a Pi a tenth of a second or more. The answers are kept
# in memory meanwhile, not on the SD card.
set -u
with=$1 notes=$HOME/$2 directory=$3 format=$4 given=$5 files=$6
. ./find-docker.sh
. ./images.sh
. ./space.sh
. ./machine.sh
. ./compose-config.sh
. ./unsettled.sh
. ./project.sh
. ./stack-files.sh
# overlaid READ COMPOSE... : reads the project as it will be.
overlaid() {
  if [ -n "$overlay" ]; then directory=$overlay given=; fi
  "$@"
}
find_docker
. ./docker.sh
for t in "${XDG_RUNTIME_DIR-}" /dev/shm "${TMPDIR:-/tmp}"; do
  [ -n "$t" ] && t=$(mktemp -d "$t/rpi-deploy.XXXXXX" 2>/dev/null) && break
  t=
done
[ -n "$t" ] || { echo 'error no temporary file can be made, not even in /tmp'; exit 0; }
trap 'rm -rf -- "$t"' EXIT
trap 'exit 1' HUP INT TERM
docker version --format '{{.Server.Version}} {{.Server.Os}} {{.Server.Arch}}' >"$t/server" 2>&1 &
server=$!
docker info --format 'driver {{.Driver}}
status {{json .DriverStatus}}
root {{.DockerRootDir}}{{range .ClientInfo.Plugins}}{{if and (eq .Name "compose") .Version}}
compose {{.Version}}{{end}}{{end}}' 2>/dev/null | sed 's/^compose v/compose /' >"$t/info" &
info=$!
images >"$t/images" 2>/dev/null &
project "$directory" "$format" >"$t/project" 2>/dev/null &
same=$({ sha256sum <"$directory/compose.yaml"; } 2>/dev/null)
if [ "${same%% *}" = "$given" ] && files_same; then
  given='' same=yes
  echo "files same"
else same=
fi
overlay=
if [ -n "$given" ] && [ -n "$files" ]; then
  mkdir "$t/given" && tar -x -o -m -f - -C "$t/given" 2>/dev/null
  overlay=$(make_overlay)
fi
[ -n "$same" ] || files_there "$t/given/files" >"$t/files" &
if [ -n "$given" ] && [ -z "$overlay" ]; then cat; fi >"$t/yaml"
again=:
if may_have_profiles "$directory" "$t"; then again=every_config; fi
(overlaid $again docker compose) <"$t/yaml" >"$t/every" &
(overlaid compose_config docker compose) <"$t/yaml" >"$t/config" 2>"$t/said"
status=$?
if ! wait $server; then echo "error $(tr '\n' ' ' <"$t/server")"; wait; exit 0; fi
echo "server $(cat "$t/server")"
wait $info
cat "$t/info"
if grep -q '^compose ' "$t/info"; then :
elif c=$(command -v docker-compose); then
  echo "standalone $c"
  # shellcheck disable=SC2086  # $with is words
  if v=$($with "$c" version --short 2>"$t/compose"); then
    echo "compose $v"
    (overlaid $again $with "$c") <"$t/yaml" >"$t/every" &
    # shellcheck disable=SC2086  # $with is words
    (overlaid compose_config $with "$c") <"$t/yaml" >"$t/config" 2>"$t/said"
    status=$?
  else case $with in sudo*) echo "error $(tr '\n' ' ' <"$t/compose")"; wait; exit 0 ;; esac
  fi
fi
emulated
available
wait
cat "$t/images" "$t/project"
space "$(sed -n 's/^root //p' "$t/info")"
unwritable "$directory"
unsettled "$directory"
cat "$t/files" 2>/dev/null
[ ! -e "$directory/.env" ] || echo "env there"
sed -n 's/.*The [\\"]*\([A-Za-z_][A-Za-z0-9_]*\)[\\"]* variable is not set.*/unset \1/p' "$t/said" | sort -u
[ -z "$overlay" ] || sed -i "s|$overlay/||g" "$t/said"
echo "config $status"
if [ $status -eq 0 ]; then cat "$t/config" "$t/every"; else cat "$t/said"; fi
exit 0
