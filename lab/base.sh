# shellcheck shell=bash
# Base images for Jib's tar:// from Debian packages of any architecture, without running any of their code.
# Sourced by lab/busybox-base and lab/jre-base, after lib.sh.

umask 022

# on_debian COMMAND... : here, if this machine is Debian; otherwise in a container that is.
on_debian() {
  if [[ $(distribution) == debian ]]; then
    "$@"
  else
    docker run --rm --network host --user "$(id -u):$(id -g)" --env "RPI_LAB_CACHE=$CACHE" --env HOME=/tmp \
      --volume "$LAB:$LAB:ro" --volume "$CACHE:$CACHE" rpi-lab-debian:trixie "$@"
  fi
}

# unpack WORK ROOT PACKAGE... : as dpkg would on a merged-usr Debian, minus what no container reads.
unpack() {
  local work=$1 root=$2 package dir
  shift 2
  for dir in bin sbin lib; do
    mkdir -p "$root/usr/$dir"
    ln -sfn "usr/$dir" "$root/$dir"
  done
  for package; do
    on_debian dpkg-deb --fsys-tarfile "$work"/deb/"$package"_*.deb | tar -x -C "$root" --keep-directory-symlink --no-same-owner
  done
  rm -rf "$root"/usr/share/{doc,man,lintian,locale,bug,gdb,binfmts,applications,icons,pixmaps}
}

# accounts ROOT : root and nobody.
accounts() {
  mkdir -p "$1"/{etc,root,tmp}
  chmod 1777 "$1/tmp"
  printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n' >"$1/etc/passwd"
  printf 'root:x:0:\nnogroup:x:65534:\n' >"$1/etc/group"
  printf 'hosts: files dns\npasswd: files\ngroup: files\n' >"$1/etc/nsswitch.conf"
}

# applets BIN NAME... : busybox, which is in the folder BIN, under those names.
applets() {
  local bin=$1 name
  shift
  for name; do [[ -e $bin/$name ]] || ln -s busybox "$bin/$name"; done
}

sha256() { sha256sum "$1" | cut -d ' ' -f 1; }

# layer WORK NAME : the folder WORK/NAME becomes the reproducible WORK/NAME.tar and WORK/NAME.tar.gz.
layer() {
  tar -C "$1/$2" --format=gnu --sort=name --mtime=@1 --owner=0 --group=0 --numeric-owner -cf "$1/$2.tar" .
  gzip -n -6 -c "$1/$2.tar" >"$1/$2.tar.gz"
}

# archive WORK OUT TAG ARCHITECTURE CONFIG LAYER... : a docker-archive as Jib and `docker load` read it.
archive() {
  local work=$1 out=$2 tag=$3 arch=$4 config=$5 box=$1/archive created=1970-01-01T00:00:01Z
  local name file image platform diff_ids='' layers='' history=''
  shift 5
  mkdir "$box"
  for name; do
    file=$(sha256 "$work/$name.tar.gz").tar.gz
    mv "$work/$name.tar.gz" "$box/$file"
    diff_ids+="${diff_ids:+,}\"sha256:$(sha256 "$work/$name.tar")\""
    layers+="${layers:+,}\"$file\""
    history+="${history:+,}{\"created\":\"$created\",\"created_by\":\"rpi-lab $name\"}"
  done
  platform="\"architecture\":\"$arch\",\"os\":\"linux\""
  [[ $arch != arm64 ]] || platform+=',"variant":"v8"'
  printf '{"created":"%s",%s,"config":%s,"history":[%s],"rootfs":{"type":"layers","diff_ids":[%s]}}' \
    "$created" "$platform" "$config" "$history" "$diff_ids" >"$box/config"
  image=$(sha256 "$box/config").json
  mv "$box/config" "$box/$image"
  printf '[{"Config":"%s","RepoTags":["%s"],"Layers":[%s]}]' "$image" "$tag" "$layers" >"$box/manifest.json"
  (cd "$box" && tar --format=ustar --sort=name --mtime=@1 --owner=0 --group=0 --numeric-owner --mode=0644 -cf "$out.part" -- *)
  mv "$out.part" "$out"
}

# deliver CACHED TITLE OUT : has CACHED made by make WORK CACHED if it is not there; copies it to OUT if that is given; prints the path.
deliver() {
  local cached=$1 title=$2 out=$3
  if [[ ! -f $cached ]]; then
    if [[ $(distribution) != debian ]]; then
      "$LAB/engine" --quiet
      # shellcheck source=image.sh
      (lock && source "$LAB/image.sh" && base_image trixie)
    fi
    lock
  fi
  if [[ ! -f $cached ]]; then # nobody else has made it while we waited
    work=$(mktemp -d "$CACHE/work.XXXXXX")
    trap 'rm -rf "$work"' EXIT
    HINT="Can the apt mirror be reached?" step "$title" make "$work" "$cached"
  fi
  if [[ -n $out ]]; then
    mkdir -p "$(dirname "$out")"
    cp "$cached" "$out"
  fi
  echo "${out:-$cached}"
}
