# shellcheck shell=bash
# The container that is the Pi. Sourced by lab/pi, after lib.sh and image.sh.

container() { echo "rpi-lab-$1"; }

# label NAME KEY : a label of the Pi's container; nothing if there is none.
label() { docker inspect -f "{{index .Config.Labels \"$LABEL.$2\"}}" "$(container "$1")" 2>/dev/null || true; }

# box_state NAME : running, exited, created..., or none.
box_state() { docker inspect -f '{{.State.Status}}' "$(container "$1")" 2>/dev/null | grep . || echo none; }

box_address() { docker inspect -f "{{(index .NetworkSettings.Networks \"$NETWORK\").IPAddress}}" "$(container "$1")"; }

# host_key NAME : its type and key, read inside the container and not from the network.
host_key() { docker exec "$(container "$1")" cut -d ' ' -f 1,2 /etc/ssh/ssh_host_ed25519_key.pub; }

# daemon_json SUITE STORE
# Containers on the Pi resolve each other's names and no others: without "dns", dockerd would ask a public server for the rest.
daemon_json() {
  case $1/$2 in
    bookworm/overlay2) echo '{"dns":["127.0.0.1"],"storage-driver":"overlay2"}' ;;
    */overlay2) echo '{"dns":["127.0.0.1"],"storage-driver":"overlay2","features":{"containerd-snapshotter":false}}' ;;
    bookworm/containerd) die "the Engine of bookworm cannot store images in containerd" "Use --suite trixie or sid." ;;
    */containerd) echo '{"dns":["127.0.0.1"],"features":{"containerd-snapshotter":true}}' ;;
    *) die "no such store: $2" "Choose one of: overlay2, containerd." ;;
  esac
}

# create_box NAME SUITE STORE IMAGE DAEMON_JSON RECIPE PUBLIC_KEY DISK
# Where DISK is not empty, the Engine's directories and the user's rpi directory are on a file system of their own.
create_box() {
  local name=$1 suite=$2 store=$3 image=$4 json=$5 recipe=$6 key=$7 disk=$8 box host=raspberrypi
  local volumes
  box=$(container "$name")
  [[ $name == pi ]] || host=raspberrypi-$name
  if [[ -n $disk ]]; then
    make_disk "$name"
    disk=$(disk_of "$name")
    volumes=(--volume "$disk/docker:/var/lib/docker" --volume "$disk/containerd:/var/lib/containerd" --volume "$disk/rpi:/home/pi/rpi")
  else
    docker volume create "${OURS[@]}" "$box-docker" >/dev/null
    docker volume create "${OURS[@]}" "$box-containerd" >/dev/null
    volumes=(--volume "$box-docker:/var/lib/docker" --volume "$box-containerd:/var/lib/containerd")
  fi
  # All that --privileged gives, except CAP_SYS_RESOURCE: some hosts do not have it.
  # container=docker keeps the inner Engine from loading AppArmor profiles into the host's kernel.
  docker create "${OURS[@]}" --label "$LABEL.recipe=$recipe" --label "$LABEL.suite=$suite" --label "$LABEL.store=$store" \
    --name "$box" --hostname "$host" --network "$NETWORK" \
    --cap-add ALL --cap-drop SYS_RESOURCE --device-cgroup-rule 'a *:* rwm' \
    --security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined \
    "${volumes[@]}" \
    --env container=docker --env "PI_AUTHORIZED_KEY=$key" --env "PI_DAEMON_JSON=$json" "$image" >/dev/null
}

# boot NAME : starts it and waits until sshd and the inner Engine answer; on failure, shows the end of their logs.
boot() {
  local box
  box=$(container "$1")
  docker start "$box"
  docker exec "$box" timeout 60 sh -c 'until docker version >/dev/null 2>&1 && [ -e /run/sshd.pid ]; do sleep 0.1; done' && return
  docker logs --tail 10 "$box"
  docker exec "$box" tail -n 10 /var/log/dockerd.log /var/log/sshd.log
  return 1
}

# remove_box NAME : the container and its volumes. Nothing else carries its name.
remove_box() {
  local box
  box=$(container "$1")
  docker rm --force --volumes "$box" >/dev/null 2>&1 || true
  docker volume rm --force "$box-docker" "$box-containerd" >/dev/null
  remove_disk "$1"
}

# The disk of a Pi that has one: an ext4 file system in a file. What the kernel has not written yet is not in that file,
# as it would not be on an SD card.
disk_of() { echo "$(pi_state "$1")/disk"; }

make_disk() {
  local disk
  disk=$(disk_of "$1")
  mkdir -p "$disk"
  truncate --size 3G "$disk.img"
  mkfs.ext4 -q -m 0 "$disk.img"
  mount_disk "$disk"
  mkdir "$disk/docker" "$disk/containerd" "$disk/rpi"
  chown 1000:1000 "$disk/rpi"
}

remove_disk() {
  local disk
  disk=$(disk_of "$1")
  ! mountpoint -q "$disk" || umount "$disk"
  rm -rf "$disk" "$disk.img"
}

# lose_power NAME : the Pi's disk as it is at this moment, and nothing that was in memory; the Pi is off then.
lose_power() {
  local box disk
  box=$(container "$1") disk=$(disk_of "$1")
  retried docker pause "$box" >/dev/null
  cp --sparse=always "$disk.img" "$disk.crash"
  docker kill "$box" >/dev/null
  retried umount "$disk"
  mv "$disk.crash" "$disk.img"
  check_disk "$disk"
  mount_disk "$disk"
}

# retried COMMAND... : a few times. On a busy machine the kernel may not be ready yet to freeze processes, or to let go of a
# disk whose last process has just ended.
retried() {
  local try
  for try in 1 2 3 4; do
    "$@" && return
    echo "lab: try $try failed: $*" >&2
    sleep 1
  done
  "$@"
}

# As Raspberry Pi OS does at a boot (fsck.repair=yes): twice where once was not enough. 1 is "mended".
check_disk() {
  local try said
  for try in 1 2; do
    said=$(e2fsck -y "$1.img" 2>&1) && return
    [[ $? -ne 1 ]] || return 0
    printf 'lab: e2fsck has not mended %s at try %s: %s\n' "$1.img" "$try" "$said" >&2
  done
  return 1
}

# An error makes it read-only: what Debian's installer writes to fstab.
mount_disk() { mount -o loop,errors=remount-ro "$1.img" "$1"; }

# lose_writing NAME : the disk has an error, and the kernel makes it read-only, as it does when an SD card ends its life.
lose_writing() {
  local disk loop
  disk=$(disk_of "$1")
  loop=$(findmnt -no SOURCE "$disk")
  echo 1 >"/sys/fs/ext4/${loop#/dev/}/trigger_fs_error"
}
