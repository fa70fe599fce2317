# Tells which images the Engine has, what is noted of them, and how much space is free. Changes nothing.
set -u
with=$1 docker=$2 notes=$HOME/$3 root=$4
. ./docker.sh
. ./images.sh
. ./space.sh
images
space "$root"
