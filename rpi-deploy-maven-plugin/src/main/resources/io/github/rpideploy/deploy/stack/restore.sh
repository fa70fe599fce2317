# Takes back what upload.sh has done to the compose file: $change is CREATED or REPLACED.
# One that was created beside a file of another name, which compose has read until then, is removed.
set -u
change=$1
[ "$change" = CREATED ] || exec mv -f .compose.yaml.before compose.yaml
for other in compose.yml docker-compose.yaml docker-compose.yml; do
  [ ! -e "$other" ] || exec rm -f compose.yaml
done
