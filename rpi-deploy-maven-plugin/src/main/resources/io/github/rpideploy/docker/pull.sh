# Has the Engine pull an image, unless it is there. Prints what Docker says, "." from time to time, and "pulled STATUS"; and
# then "platform OS/ARCHITECTURE" of the image.
set -u
with=$1 docker=$2 image=$3 platform=$4
. ./docker.sh
look() { docker image inspect --format 'platform {{.Os}}/{{.Architecture}}' "$image" 2>/dev/null; }
look && exit 0
# What sleeps must not keep the channel open.
while sleep 5 >/dev/null 2>&1; do echo .; done &
ticker=$!
trap 'kill $ticker 2>/dev/null' EXIT
if [ -n "$platform" ]; then docker pull --platform "$platform" "$image" 2>&1 </dev/null
else docker pull "$image" 2>&1 </dev/null
fi
echo "pulled $?"
look
exit 0
