# shellcheck shell=bash
# What lab/bench, lab/added, lab/pipeline and lab/downtime share: images, registry, Pis, the five tools, the records.
# Sourced after lib.sh.

ROOT=$(dirname "$LAB")
BENCH=$LAB/target/bench
RUNS=$BENCH/runs.tsv
ADDED=$BENCH/added.tsv      # by lab/added
REPO=$BENCH/repository
LAYERS=$BENCH/layers/added  # the plugin's cache of compressed layers; a sequence has its own
REGISTRY=127.0.0.1:5055
VARIANTS=(base class dependency patch boot own library jre six)
SIX=(six-gateway six-orders six-catalog six-mail six-events six-admin)
PATCHED=com/nimbusds/nimbus-jose-jwt/9.37.3/nimbus-jose-jwt-9.37.3.jar # the jar that is not as in base, in the Maven repository

# maven ARGUMENTS... : with its own local repository, so that it measures the plugin of this checkout.
maven() { mvn -B -ntp -q "-Dmaven.repo.local=$REPO" "$@"; }

# plugin : builds this checkout's plugin into that repository.
plugin() {
  "$LAB/engine" --quiet
  if [[ ! -d $REPO ]]; then
    mkdir -p "$BENCH" "$HOME/.m2/repository"
    cp -al "$HOME/.m2/repository" "$REPO" 2>/dev/null || { rm -rf "$REPO" && cp -a "$HOME/.m2/repository" "$REPO"; }
    # The copy shares its files with the user's repository: those that Maven changes in place must be real copies.
    rm -rf "$REPO/io/github/rpideploy"
    find "$REPO" -type f \( -name '*.properties' -o -name '*.repositories' -o -name 'maven-metadata*' \) -exec sed -i -e '' {} +
  fi
  step "plugin: build" maven -f "$ROOT" install -DskipTests -DskipITs
  checkout >"$BENCH/commit"
}

# checkout : the commit of this checkout, with a + when more than the documentation differs from it.
checkout() {
  printf '%s%s\n' "$(git -C "$ROOT" describe --always)" "$(git -C "$ROOT" diff --quiet HEAD -- . ':!docs' || echo +)"
}

# prepare PI... : makes whatever a run on these Pis needs and is missing. Can be called again at any time.
prepare() {
  local name
  machines "$@"
  for name in "${VARIANTS[@]}"; do
    [[ -f $BENCH/$name/done ]] || step "images: $name" variant "$name"
  done
}

# part TITLE COMMAND... : runs it, and tells how long it took.
part() {
  local title=$1 start=$SECONDS
  shift
  "$@"
  say "$title: $((SECONDS - start)) s"
}

# machines PI... : the same, without the images.
machines() {
  local name
  plugin
  for name in "$RUNS" "$ADDED"; do
    ! commits "$name" | grep -qvxF "$(<"$BENCH/commit")" ||
      say "$(basename "$name") has what was measured at $(commits "$name" | paste -sd ' '); this is $(<"$BENCH/commit"): 'lab/bench fresh' forgets it"
  done
  have docker-registry || step "packages: docker-registry" install_packages docker-registry
  for name; do
    case $name in
      bench-old) "$LAB/pi" up "$name" --suite bookworm ;;
      bench-new) "$LAB/pi" up "$name" --suite sid --store containerd ;;
      *) "$LAB/pi" up "$name" ;;
    esac
  done
  registry
}

registry() {
  local pid
  pid=$(cat "$BENCH/registry.pid" 2>/dev/null || true)
  ! alive "$pid" registry || return 0
  printf 'version: 0.1\nstorage: {filesystem: {rootdirectory: "%s"}}\nhttp: {addr: "%s"}\nlog: {level: error}\n' \
    "$BENCH/registry" "$REGISTRY" >"$BENCH/registry.yml"
  setsid nohup docker-registry serve "$BENCH/registry.yml" >"$BENCH/registry.log" 2>&1 </dev/null &
  echo $! >"$BENCH/registry.pid"
  for ((pid = 0; pid < 100; pid++)); do
    ! (exec 5<>"/dev/tcp/${REGISTRY/:/\/}") 2>/dev/null || return 0
    sleep 0.1
  done
  die "the registry does not answer" "$(tail -n 5 "$BENCH/registry.log")"
}

# sources DIRECTORY : makes it a fresh copy of the sample services.
sources() {
  rm -rf "$1"
  mkdir -p "$1"
  (cd "$ROOT/sample-services" && tar -c --exclude=target .) | tar -x -C "$1"
}

# variant NAME : the sample services, really built by Jib: as they are, or with one thing changed. Of those only auth-server is sent.
variant() {
  local name=$1 dir=$BENCH/$1 base service services=(auth-server) other
  base=$("$LAB/jre-base")
  sources "$dir"
  case $name in
    base) services+=(extension-server) ;;
    class) edit "$dir" class ;;
    dependency) depend "$dir" '<groupId>com.google.code.gson</groupId><artifactId>gson</artifactId>' ;;
    patch) depend "$dir" '<groupId>com.nimbusds</groupId><artifactId>nimbus-jose-jwt</artifactId><version>9.37.3</version>' ;;
    boot) earlier_boot "$dir" ;;
    own) library "$dir" before ;;
    library) library "$dir" after ;;
    jre)
      other=$(other_jre)
      echo "$(jre_version "$base") $(jre_version "$other")" >"$dir/versions"
      base=$other
      ;;
    six)
      six "$dir"
      services=("${SIX[@]}")
      ;;
  esac
  maven -f "$dir" package -pl "$(IFS=, && echo "${services[*]}")" -am -DskipTests "-Dbase.image=tar://$base"
  for service in "${services[@]}"; do
    docker load --quiet --input "$dir/$service/target/jib-image.tar"
    docker tag "$service:latest" "$service:$name"
    docker tag "$service:latest" "localhost:${REGISTRY#*:}/$service:$name"
    docker push --quiet "localhost:${REGISTRY#*:}/$service:$name"
  done
  touch "$dir/done"
}

# boot DIRECTORY : the version of Spring Boot in its POM.
boot() { sed -n '/<artifactId>spring-boot-starter-parent</{n;s/.*<version>\(.*\)<.*/\1/p}' "$1/pom.xml"; }

# earlier_boot DIRECTORY : makes it the last patch release that managed another Spring Framework: some change little but themselves.
earlier_boot() {
  local version patch now
  version=$(boot "$1")
  now=$(spring "$1")
  for ((patch = ${version##*.} - 1; patch >= 0; patch--)); do
    sed -i "/<artifactId>spring-boot-starter-parent</{n;s/>[0-9.]*</>${version%.*}.$patch</}" "$1/pom.xml"
    [[ $(spring "$1") == "$now" ]] || return 0
  done
  die "no patch release before Spring Boot $version has another Spring Framework than $now"
}

# spring DIRECTORY : which Spring Framework its Spring Boot manages.
spring() {
  local version
  version=$(boot "$1")
  maven -N -f "$1" validate >&2
  sed -n 's/.*<spring-framework.version>\(.*\)<.*/\1/p' \
    "$REPO/org/springframework/boot/spring-boot-dependencies/$version/spring-boot-dependencies-$version.pom"
}

# other_jre : a base image with a later build of the JRE, and nothing else changed: of trixie's security updates or, when they have
# none that is not in trixie yet, of sid.
other_jre() {
  local suite base ours
  ours=$(jre_version "$("$LAB/jre-base")")
  for suite in trixie-security sid; do
    base=$("$LAB/jre-base" --suite $suite) || continue
    if [[ $(jre_version "$base") != "$ours" ]]; then
      echo "$base"
      return
    fi
  done
  die "neither trixie-security nor sid has another JRE than $ours"
}

# jre_version BASE : of the Java in a base image of ours.
jre_version() {
  tar -xOf "$1" "$(tar -xOf "$1" manifest.json | grep -o '[0-9a-f]*\.tar\.gz' | tail -n 1)" |
    tar -xzO --wildcards './usr/lib/jvm/java-21-*/release' | sed -n 's/^JAVA_RUNTIME_VERSION="\(.*\)"/\1/p'
}

# module DIRECTORY NAME DEPENDENCIES : one more module with those, without sources.
module() {
  mkdir -p "$1/$2/src/main/java"
  cat >"$1/$2/pom.xml" <<END
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <parent>
    <groupId>com.example.pi</groupId>
    <artifactId>sample-services</artifactId>
    <version>1.0.0-SNAPSHOT</version>
  </parent>
  <artifactId>$2</artifactId>
  <dependencies>$3</dependencies>
</project>
END
  sed -i "s|</modules>|<module>$2</module>&|" "$1/pom.xml"
}

# library DIRECTORY WORD : auth-server gets a library of the same reactor, of 300 classes; WORD stands in one of them.
library() {
  local package=$1/token-library/src/main/java/com/example/pi/token
  module "$1" token-library ''
  # Neither an image nor something to deploy.
  sed -i 's|<dependencies>|<properties><jib.skip>true</jib.skip><rpi.skip>true</rpi.skip></properties>&|' "$1/token-library/pom.xml"
  depend "$1" '<groupId>com.example.pi</groupId><artifactId>token-library</artifactId><version>1.0.0-SNAPSHOT</version>'
  mkdir -p "$package"
  # Numbers that look random, and are the same on every machine.
  awk -v package="$package" -v word="$2" 'BEGIN {
    state = 42
    for (c = 1; c <= 300; c++) {
      file = sprintf("%s/Rule%03d.java", package, c)
      printf "package com.example.pi.token;\n\npublic final class Rule%03d {\n", c >file
      for (m = 1; m <= 30; m++) {
        literal = ""
        for (i = 0; i < 4; i++) { state = (state * 16807) % 2147483647; literal = literal sprintf("%08x", state) }
        printf "  public static long step%d(long a, String b) { return (a ^ %dL) * b.indexOf(\"%s\"); }\n", m, state, literal >file
      }
      printf "  public static String name() { return \"%s\"; }\n}\n", (c == 150 ? word : c) >file
      close(file)
    }
  }'
}

# six DIRECTORY : six services instead, each with other starters of Spring Boot.
six() {
  local service starter dependencies starters port=8081
  rm -r "${1:?}"/{auth,extension}-server
  sed -i '/<module>/d' "$1/pom.xml"
  echo 'services:' >"$1/compose.yaml"
  for service in "${SIX[@]}"; do
    case $service in
      six-gateway) starters='oauth2-resource-server' ;;
      six-orders) starters='validation data-jdbc' ;;
      six-catalog) starters='validation thymeleaf cache' ;;
      six-mail) starters='mail thymeleaf' ;;
      six-events) starters='validation amqp' ;;
      six-admin) starters='security thymeleaf jdbc' ;;
    esac
    dependencies=''
    for starter in $starters; do
      dependencies+="<dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-$starter</artifactId></dependency>"
    done
    module "$1" "$service" "$dependencies"
    mkdir "$1/$service/src/main/java/six"
    cat >"$1/$service/src/main/java/six/Service.java" <<END
package six;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** $service. */
@SpringBootApplication
public class Service {

  public static void main(String[] args) {
    SpringApplication.run(Service.class, args);
  }
}
END
    echo "  $service: {image: $service, ports: ['127.0.0.1:$((port++)):8080']}" >>"$1/compose.yaml"
  done
}

# depend DIRECTORY XML : gives auth-server one more dependency.
depend() { sed -i "0,/<dependencies>/s||&<dependency>$2</dependency>|" "$1/auth-server/pom.xml"; }

# edit DIRECTORY WORD : changes one line of auth-server.
edit() {
  local file=$1/auth-server/src/main/java/com/example/pi/auth/TokenController.java
  sed -i "s/realm=\\\\\"[a-z0-9-]*\\\\\"/realm=\\\\\"token-$2\\\\\"/" "$file"
  grep -q "token-$2" "$file"
}

on() { ssh -F "$TARGET/$1.ssh_config" "$@"; }
TARGET=$LAB/target

# The five ways to bring SERVICES of a variant to a Pi: TOOL PI VARIANT SERVICE...
tool() {
  local tool=$1 pi=$2 variant=$3 service
  shift 3
  local tags=("${@/%/:$variant}")
  case $tool in
    a) docker save "${tags[@]}" | on "$pi" docker load --quiet ;;
    b) docker save "${tags[@]}" | gzip -1 | on "$pi" docker load --quiet ;;
    c) for service; do on "$pi" docker load --quiet <"$BENCH/$variant/$service/target/jib-image.tar" || return; done ;;
    d)
      local pull=''
      for service; do
        pull+="docker pull -q localhost:5000/$service:$variant && docker tag localhost:5000/$service:$variant $service:latest && "
      done
      ssh -F "$TARGET/$pi.ssh_config" -R "127.0.0.1:5000:$REGISTRY" "$pi" "${pull}true"
      ;;
    e)
      # shellcheck disable=SC2046  # options
      maven -f "$BENCH/$variant" rpi:ship -pl "$(IFS=, && echo "$*")" "-Drpi.layerCache=$LAYERS" $("$LAB/pi" env "$pi")
      ;;
  esac
}

# How many bytes the processes of a Pi write to its disk, and the seconds for which they keep a processor busy: watch PI ...
# watched PI. A kernel with cgroup v1 does not tell what a container has written, so each process is read 20 times a second.
watch() {
  docker exec "rpi-lab-$1" rm -f /run/watched
  docker exec --detach "rpi-lab-$1" perl -e '
    sub busy {
      my ($file, $unit) = -e "/sys/fs/cgroup/cpuacct" ? ("cpuacct/cpuacct.usage", 1e9) : ("cpu.stat", 1e6);
      open(my $in, "<", "/sys/fs/cgroup/$file") or return;
      return <$in> =~ /(\d+)/ ? $1 / $unit : undef;
    }
    my ($begun, %first, %last);
    my $busy = busy();
    for (my $stop = 0; ; select(undef, undef, undef, 0.05)) {
      for my $dir (glob "/proc/[0-9]*") {
        open(my $io, "<", "$dir/io") or next;
        while (<$io>) { if (/^write_bytes: (\d+)/) { $first{$dir} //= $begun ? 0 : $1; $last{$dir} = $1; } }
      }
      $begun = 1;
      last if $stop;
      $stop = -e "/run/watched.stop";
    }
    my $sum = 0;
    $sum += $last{$_} - $first{$_} for keys %last;
    my ($user, $system) = times;
    $busy = defined $busy ? sprintf("%.3f", busy() - $busy - $user - $system) : "-";
    unlink "/run/watched.stop";
    open(my $out, ">", "/run/watched.new"); print $out "$sum $busy"; close $out;
    rename "/run/watched.new", "/run/watched";'
}

watched() {
  docker exec "rpi-lab-$1" sh -c 'touch /run/watched.stop; until [ -e /run/watched ]; do sleep 0.02; done; cat /run/watched'
}

# empty PI : no image, no note, as new.
empty() {
  # shellcheck disable=SC2016  # the Pi's shell expands it
  on "$1" 'ids=$(docker ps -aq); [ -z "$ids" ] || docker rm -f $ids; docker image prune -af; rm -rf ~/.cache/rpi-deploy' >/dev/null
  [[ -z $(on "$1" docker image ls -aq) ]] || die "the Pi $1 could not be emptied"
}

# sequence ROUND LINK TOOL PI CASE... : the cases one after the other, each on what the previous ones left on the Pi.
# The plugin's cache of compressed layers is empty at first, but for cold-again, which finds that of cold.
sequence() {
  local round=$1 link=$2 tool=$3 pi=$4 case complete=true
  shift 4
  for case; do ! wanted "$round" "$link" "$tool" "$case" || complete=false; done
  ! $complete || return 0
  shape "$pi" none
  empty "$pi"
  LAYERS=$BENCH/layers/${1%-again}
  [[ $1 == cold-again ]] || rm -rf "$LAYERS"
  shape "$pi" "$link"
  for case; do measure "$round" "$link" "$tool" "$pi" "$case"; done
  shape "$pi" none
}

# wanted ROUND LINK TOOL CASE : it is to be recorded, and is not yet. "own" only leads to "library".
wanted() { [[ $4 != own && -z $(recorded "$@") ]]; }

# shape PI LINK
shape() {
  case $2 in
    20mbit) set -- "$1" 20mbit 30ms ;;
    100mbit) set -- "$1" 100mbit 5ms ;;
  esac
  "$LAB/pi" link "$@" 2>/dev/null
}

# measure ROUND LINK TOOL PI CASE : a case is named for the variant that is sent, auth-server of base unless there is one. With -28
# the Pi has Engine 28; with -fresh a CI runner deploys that has nothing but the build.
measure() {
  local round=$1 link=$2 tool=$3 pi=$4 case=$5 variant=base services=(auth-server) start end seconds bytes watched
  case ${case%-*} in
    class | dependency | patch | boot | own | library | jre) variant=${case%-*} ;;
    six) variant=six services=("${SIX[@]}") ;;
    two) services=(auth-server extension-server) ;;
  esac
  [[ $case != *-fresh ]] || rm -rf "$LAYERS" "$BENCH/$variant/target/rpi"
  watch "$pi"
  "$LAB/pi" bytes "$pi" --reset >/dev/null
  start=$(date +%s%N)
  tool "$tool" "$pi" "$variant" "${services[@]}" >"$BENCH/$pi.log" 2>&1 || { cat "$BENCH/$pi.log" >&2; die "$tool failed"; }
  end=$(date +%s%N)
  bytes=$("$LAB/pi" bytes "$pi")
  watched=$(watched "$pi")
  seconds=$(awk "BEGIN { printf \"%.3f\", ($end - $start) / 1e9 }")
  # For rpi:ship the start of Maven's JVM does not count: the report tells how long the goal took.
  [[ $tool != e ]] || seconds=$(sed -n 's/^  "seconds": \([0-9.]*\),$/\1/p' "$BENCH/$variant/target/rpi/deploy.json")
  ! wanted "$round" "$link" "$tool" "$case" || record "$round" "$link" "$tool" "$case" "$seconds" "${bytes#up=}" "$watched"
}

# record ROUND LINK TOOL CASE SECONDS "UP down=DOWN" "WRITTEN BUSY" [SECONDS_OF_START SECONDS_OF_BUILD]
record() {
  # Each line is one write, because lanes record side by side.
  printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "$4" "$5" "${6% *}" "${6#*down=}" "${7% *}" "${8:--}" "${9:--}" \
    "${7#* }" "$(<"$BENCH/commit")" >>"$RUNS"
  printf '    %s %-8s %s %-11s %9.2f s  %11d up %9d down %11s written %7s s busy %s\n' "$1" "$2" "$3" "$4" "$5" "${6% *}" "${6#*down=}" \
    "${7% *}" "${7#* }" "${8:+($8 s to start, $9 s to build)}"
}

recorded() { awk -F '\t' -v r="$1" -v l="$2" -v t="$3" -v c="$4" '$1 == r && $2 == l && $3 == t && $4 == c' "$RUNS" 2>/dev/null || true; }

next_round() { awk -F '\t' -v l="$1" '$2 == l && $1 > max { max = $1 } END { print max + 1 }' "$RUNS" 2>/dev/null || echo 1; }

# facts PI FILE : the machine and when FILE was measured, as properties.
facts() {
  echo "date=$(date -u -r "$2" +%F)"
  echo "processors=$(nproc --all)"
  echo "processor=$(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1)"
  echo "memory=$(awk '/MemTotal/ { printf "%d GB", $2 / 1e6 }' /proc/meminfo)"
  echo "kernel=$(uname -sr)"
  echo "java=$(java -version 2>&1 | sed -n 1p)"
  echo "maven=$(mvn -v | sed -n '1s/\x1b\[[0-9;]*m//gp')"
  echo "openssh=$(ssh -V 2>&1)"
  echo "engine=$(docker version -f '{{.Server.Version}}')"
  echo "piEngine=$(on "$1" docker version -f '{{.Server.Version}}') $(on "$1" docker info -f '{{.Driver}}')"
}

# report_classes : prints where the compiled report is; compiles it once per version.
report_classes() {
  local classes
  classes=$CACHE/bench-report-$(recipe "$LAB"/report/*.java)
  [[ -d $classes ]] || { javac -d "$classes.part" "$LAB"/report/*.java && mv "$classes.part" "$classes"; }
  echo "$classes"
}

# commits FILE : those at which its lines were measured, by their last fields.
commits() { [[ ! -f $1 ]] || awk -F '\t' '!seen[$NF]++ { print $NF }' "$1"; }

# commit FILE : the one at which all its lines were measured; with --mixed there may be several.
commit() {
  local commits
  mapfile -t commits < <(commits "$1")
  ((${#commits[@]} < 2)) || [[ -n ${MIXED:-} ]] || die "$1 was measured at ${#commits[@]} commits (${commits[*]}), and a page tells of one" \
    "Forget it and measure again: lab/bench fresh" "Or name them all on the page: lab/bench report --mixed"
  echo "${commits[*]}"
}

# report [PAGE] : writes lab/target/bench.json and the page, docs/performance.md unless another is named.
report() {
  local commit
  commit=$(commit "$RUNS")
  {
    facts bench-1 "$RUNS"
    echo "commit=$commit"
    echo "patched=$(stat -c %s "$REPO/$PATCHED" 2>/dev/null)"
    echo "boot=$(boot "$BENCH/base" 2>/dev/null)"
    echo "otherBoot=$(boot "$BENCH/boot" 2>/dev/null)"
    echo "jre=$(cut -d ' ' -f 1 "$BENCH/jre/versions" 2>/dev/null)"
    echo "otherJre=$(cut -d ' ' -f 2 "$BENCH/jre/versions" 2>/dev/null)"
    echo "newEngine=$(on bench-new docker version -f '{{.Server.Version}}' 2>/dev/null)"
  } >"$BENCH/facts.properties"
  java -cp "$(report_classes)" Report "$BENCH" "$LAB/target/bench.json" "${1:-$ROOT/docs/performance.md}"
}

# report_added : writes what lab/added measured to its section of docs/performance.md.
report_added() {
  local commit
  commit=$(commit "$ADDED")
  mkdir -p "$BENCH/added"
  {
    facts bench-1 "$ADDED"
    echo "commit=$commit"
  } >"$BENCH/added/facts.properties"
  java -cp "$(report_classes)" Added "$ADDED" "$BENCH/added/facts.properties" "$ROOT/docs/performance.md"
}

# stale : tells for each commit that docs/performance.md was measured at how much of what a deploy runs is newer.
# Exits with 1 when some is.
stale() {
  local commit newer path=rpi-deploy-maven-plugin/src/main found=false stale=false
  while read -r commit; do
    found=true
    newer=$(git -C "$ROOT" rev-list --count "${commit%+}..HEAD" -- $path 2>/dev/null) ||
      die "docs/performance.md was measured at $commit, which this checkout does not know" "If it is shallow: git fetch --unshallow"
    if ((newer > 0)); then
      echo "docs/performance.md was measured at $commit; later commits that changed $path: $newer"
      stale=true
    elif [[ $commit == *+ ]]; then
      echo "docs/performance.md was measured at $commit, with changes that are in no commit"
      stale=true
    fi
  done < <(sed -n 's/^Measured by .* commit \([^,]*\),.*/\1/p' "$ROOT/docs/performance.md" | tr ' ' '\n' | sort -u)
  $found || die "docs/performance.md does not say at which commit it was measured"
  ! $stale
}

# clean : removes everything from this machine except the report.
clean() {
  local name
  end "$(cat "$BENCH/registry.pid" 2>/dev/null || true)" registry
  for name in bench-{1,2,3,4} bench-{old,new} bench-pipeline bench-downtime; do "$LAB/pi" down "$name"; done
  docker image ls --format '{{.Repository}}:{{.Tag}}' "localhost:${REGISTRY#*:}/*" | while read -r name; do
    docker image rm "$name" "${name#*/}" >/dev/null 2>&1 || true
  done
  docker image rm rpi-lab/{maven,jre}:21 >/dev/null 2>&1 || true
  rm -rf "$BENCH"
}
