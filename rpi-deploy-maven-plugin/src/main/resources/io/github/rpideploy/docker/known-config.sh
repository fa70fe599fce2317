# What compose makes of the files in $directory is kept there, until anything has changed that it is made of: compose takes a
# Pi half a second. It may hold what .env holds, so only the user may read it.

# config_inputs START : prints the digest of all that it is made of: docker and compose, the environment, and the files. Nothing
# where compose may read files elsewhere, or START does not tell when docker or compose is another one.
config_inputs() {
  elsewhere='include|extends|env_file|label_file|COMPOSE_(FILE|ENV_FILES|PROJECT_DIRECTORY)'
  [ -n "$1" ] && [ -w "$directory/.rpi" ] && [ -z "${COMPOSE_FILE-}${COMPOSE_ENV_FILES-}${COMPOSE_PROJECT_DIRECTORY-}" ] || return
  set -- "$1" "$directory/.env" "$directory"/*.y*ml
  ! grep -qsE "$elsewhere" "$@" && [ -e "$3" ] || return
  sum=$({
    (CDPATH='' cd -- "$directory" && printf '%s\n' "$1" "$(pwd)" "$(pwd -P)")
    # An SSH session has other addresses each time.
    env | grep -vE '^(SSH_[A-Z_]*|XDG_SESSION_ID|OLDPWD|PWD|SHLVL|_)=' | sort
    shift
    sha256sum -- "$@" 2>/dev/null
  } | sha256sum)
  echo "${sum%% *}"
}

# known_config INPUTS : prints what was kept of them; fails if nothing was. A power cut may have torn it.
known_config() {
  [ -n "$1" ] && read -r of digest <"$directory/.rpi/config" && [ "$of" = "$1" ] || return
  kept=$(sed 1d "$directory/.rpi/config"; echo .)
  sum=$(printf '%s' "${kept%.}" | sha256sum)
  [ "${sum%% *}" = "$digest" ] && printf '%s' "${kept%.}"
} 2>/dev/null

# keep_config INPUTS FILE... : keeps what compose has printed of them.
keep_config() {
  of=$1
  shift
  sum=$(cat -- "$@" | sha256sum)
  { (umask 077 && { echo "$of ${sum%% *}"; cat -- "$@"; } >"$directory/.rpi/config.$$") &&
    mv -f "$directory/.rpi/config.$$" "$directory/.rpi/config"; } 2>/dev/null
}
