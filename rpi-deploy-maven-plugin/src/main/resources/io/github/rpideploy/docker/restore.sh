# Takes back in the present directory what upload.sh has done to the compose file.
set -u
change=$1
. ./compose-file.sh
restore_file "$change"
