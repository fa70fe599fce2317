# config_key VERSION FILE... : prints the digest of all that compose's digests of services may depend on: the version, what
# compose prints for the project in $directory, which the files have, and the files themselves that it was read from, as far
# as they are known. That of a service tells less than that: 2.26 and 2.40 leave out what env files have.
# Nothing for version 1: its digest of a service depends on the id of its image as well.
config_key() {
  case $1 in '' | 1.*) return ;; esac
  {
    echo "$1"
    shift
    cat -- "$@"
    cat -- "$directory/compose.yaml" "$directory/.env" "$directory/.rpi/files" 2>/dev/null
  } | sha256sum | cut -d ' ' -f 1
}
