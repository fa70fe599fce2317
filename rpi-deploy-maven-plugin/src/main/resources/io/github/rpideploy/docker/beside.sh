# beside OLD COMPOSE... : prints the containers of $service that are none of OLD, which is words.
beside() {
  before=" $1 "
  shift
  for id in $(service_ids "$@" 2>/dev/null); do
    case $before in *" $id "*) ;; *) echo "$id" ;; esac
  done
}
