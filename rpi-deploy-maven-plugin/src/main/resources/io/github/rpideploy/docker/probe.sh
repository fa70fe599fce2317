# Finds Docker and compose and asks for all that a deploy must know: a line "key value" for each fact, then
# "config STATUS", and then the compose file as compose reads it or what compose complained about.
# What it reads when all profiles are active comes after that.
#
# $given is the SHA-256 of the compose file on standard input, or empty. $files is that of the list of files that go along
# with it, or empty: then standard input is the compose file, else an archive with both and with what compose must read.
# When the Pi has the same, standard input is not read: it arrives a round trip after the rest.
# Everything is asked at the same time: each docker command takes a Pi a tenth of a second or more. The answers are kept
# in memory meanwhile, not on the SD card. $engine is the file with the process id of the system's Engine.
set -u
with=$1 notes=$HOME/$2 directory=$3 format=$4 given=$5 files=$6 engine=$7
. ./find-docker.sh
. ./running-since.sh
. ./engine-facts.sh
. ./images.sh
. ./space.sh
. ./machine.sh
. ./compose-config.sh
. ./config-key.sh
. ./known-config.sh
. ./unsettled.sh
. ./project.sh
. ./stack-files.sh
# server : prints what the Engine is, or why it does not say so.
server() { docker version --format '{{.Server.Version}} {{.Server.Os}} {{.Server.Arch}}' 2>&1 </dev/null; }
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
facts=${notes%/*}/engine
start=$(engine_start "$engine")
server='' info='' standalone=''
if known_facts "$start" >"$t/facts"; then standalone=$(sed -n 's/^standalone //p' "$t/facts")
else
  server >"$t/server" &
  server=$!
  docker info --format 'driver {{.Driver}}
status {{json .DriverStatus}}
root {{.DockerRootDir}}{{range .ClientInfo.Plugins}}{{if and (eq .Name "compose") .Version}}
compose {{.Version}}{{end}}{{end}}' 2>/dev/null | sed 's/^compose v/compose /' >"$t/info" &
  info=$!
fi
images >"$t/images" 2>/dev/null &
project "$directory" "$format" >"$t/project" 2>/dev/null &
containers=$!
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
inputs=''
if [ -z "$given" ] && [ -z "$server" ]; then inputs=$(config_inputs "$start"); fi
[ -n "$same" ] || files_there "$t/given/files" >"$t/files" &
if [ -n "$given" ] && [ -z "$overlay" ]; then cat; fi >"$t/yaml"
again=:
if may_have_profiles "$directory" "$t"; then again=every_config; fi
# read_by COMPOSE... : has compose read the project.
read_by() {
  (overlaid $again "$@") <"$t/yaml" >"$t/every" &
  (overlaid compose_config "$@") <"$t/yaml" >"$t/config" 2>"$t/said"
  status=$?
}
known=''
# shellcheck disable=SC2086  # $with is words
if known_config "$inputs" >"$t/config"; then
  known=yes status=0
  true >"$t/every"; true >"$t/said"
elif [ -n "$standalone" ]; then read_by $with "$standalone"; else read_by docker compose; fi
if [ -n "$server" ]; then
  if ! wait $server; then echo "error $(tr '\n' ' ' <"$t/server")"; wait; exit 0; fi
  wait "$info"
  { echo "server $(cat "$t/server")"; cat "$t/info"; } >"$t/facts"
  if ! grep -q '^compose ' "$t/info" && c=$(command -v docker-compose); then
    echo "standalone $c" >>"$t/facts"
    # shellcheck disable=SC2086  # $with is words
    if v=$($with "$c" version --short 2>"$t/compose"); then
      echo "compose $v" >>"$t/facts"
      # shellcheck disable=SC2086  # $with is words
      read_by $with "$c"
    else case $with in sudo*) cat "$t/facts"; echo "error $(tr '\n' ' ' <"$t/compose")"; wait; exit 0 ;; esac
    fi
  fi
  keep_facts "$start" "$t/facts"
# The Engine of which all is known may have stopped answering, or this user may not ask it any more.
elif ! wait $containers && ! said=$(server); then echo "error $(printf '%s' "$said" | tr '\n' ' ')"; wait; exit 0
fi
cat "$t/facts"
emulated
available
wait
# Of what is only sent later, there is nothing that could be compared.
key=
if [ -z "$given" ] && [ $status -eq 0 ]; then
  if [ -z "$known" ] && [ -n "$inputs" ] && ! grep -q 'is not set' "$t/said" && [ "$(config_inputs "$start")" = "$inputs" ]; then
    keep_config "$inputs" "$t/config" "$t/every"
  fi
  key=$(config_key "$(sed -n 's/^compose v\{0,1\}//p' "$t/facts")" "$t/config" "$t/every")
fi
cat "$t/images"
sed "s/^moment .*/& ${key:--}/" "$t/project"
space "$(sed -n 's/^root //p' "$t/facts")"
unwritable "$directory"
unsettled "$directory"
cat "$t/files" 2>/dev/null
[ ! -e "$directory/.env" ] || echo "env there"
[ ! -s "$t/said" ] || sed -n 's/.*The [\\"]*\([A-Za-z_][A-Za-z0-9_]*\)[\\"]* variable is not set.*/unset \1/p' "$t/said" | sort -u
[ -z "$overlay" ] || sed -i "s|$overlay/||g" "$t/said"
echo "config $status"
if [ $status -eq 0 ]; then cat "$t/config" "$t/every"; else cat "$t/said"; fi
exit 0
