# shellcheck shell=bash
# The image of the Pi: from Docker Hub's Debian, or from debootstrap where Docker Hub cannot be reached.
# Sourced by lab/pi, after lib.sh.

NETWORK=rpi-lab-net
OURS=(--label "$LABEL")

# pi_packages SUITE : the packages of a Pi. They bring Engine 20.10 and compose v1, 26.1 and v2, 28.x and v2.
pi_packages() {
  case $1 in
    bookworm) echo "docker.io docker-compose containerd runc" ;;
    trixie | sid) echo "docker.io docker-cli docker-compose containerd runc" ;;
    *) die "no such suite: $1" "Choose one of: bookworm (Engine 20.10), trixie (26.1), sid (28.x)." ;;
  esac
}

# pi_image SUITE : the tag, which contains the recipe; the image may not exist yet.
pi_image() { echo "rpi-lab-pi:$1-$(recipe "$LAB/raspberry/Dockerfile" "$LAB/raspberry/init" "$(pi_packages "$1")")"; }

have_image() { docker image inspect -f ok "$1" >/dev/null 2>&1; }

# base_image SUITE : makes sure that rpi-lab-debian:SUITE exists.
base_image() {
  local suite=$1 base=rpi-lab-debian:$1 rootfs=$CACHE/debian-$1.tar
  ! have_image "$base" || return 0
  if [[ ! -f $rootfs ]] && timeout 60 docker pull -q "debian:$suite-slim" >/dev/null 2>&1; then
    docker tag "debian:$suite-slim" "$base"
    say "Pi rootfs: debian:$suite-slim from Docker Hub"
    return
  fi
  if [[ ! -f $rootfs ]]; then
    if [[ $(distribution) != debian ]] || ! can_be_root; then
      die "Docker Hub cannot be reached, and debootstrap cannot run here" \
        "Either let the Engine pull debian:$suite-slim, or run this as root on Debian."
    fi
    have debootstrap || step "packages: debootstrap" install_packages debootstrap
    HINT="Can the apt mirror of this machine be reached, and does it have the suite $suite?" \
      step "Pi rootfs: debootstrap $suite" bootstrap "$suite" "$rootfs"
  fi
  step "Pi rootfs: import" import_rootfs "$rootfs" "$base"
}

bootstrap() {
  local suite=$1 tar=$2 dir mirror
  mirror=$(apt_mirror)
  [[ -n $mirror ]] || die "no apt mirror found in /etc/apt"
  http_proxy=$(apt_proxy)
  export http_proxy
  dir=$(mktemp -d "$CACHE/rootfs.XXXXXX")
  # One file system: a bootstrap that was interrupted may have left /proc mounted.
  # shellcheck disable=SC2064  # $dir is gone when the trap runs
  trap "as_root rm -rf --one-file-system '$dir'" EXIT
  as_root debootstrap --variant=minbase --keyring=/usr/share/keyrings/debian-archive-keyring.gpg \
    --include=ca-certificates "$suite" "$dir/root" "$mirror"
  as_root find "$dir/root/var/cache/apt/archives" "$dir/root/var/lib/apt/lists" -type f -delete
  as_root tar -C "$dir/root" --numeric-owner -cf "$tar.part" .
  mv "$tar.part" "$tar"
}

import_rootfs() { docker import -c 'CMD ["bash"]' -c "LABEL $LABEL=" "$1" "$2"; }

build_image() {
  local suite=$1 image=$2 proxy
  proxy=$(apt_proxy)
  # The Engine's own builder, because it sees our base image; without buildx, the classic builder.
  export BUILDX_BUILDER=default
  docker buildx version >/dev/null 2>&1 || export DOCKER_BUILDKIT=0
  docker build --network host "${OURS[@]}" --tag "$image" ${proxy:+--build-arg "http_proxy=$proxy"} \
    --build-arg "BASE=rpi-lab-debian:$suite" --build-arg "PACKAGES=$(pi_packages "$suite")" "$LAB/raspberry"
}

# ensure_image SUITE IMAGE
ensure_image() {
  ! have_image "$2" || return 0
  base_image "$1"
  HINT="Can builds of the Engine reach the apt mirror?" step "Pi image: $2" build_image "$1" "$2"
}

ensure_network() {
  docker network inspect "$NETWORK" >/dev/null 2>&1 ||
    docker network create "${OURS[@]}" "$NETWORK" >/dev/null
}
