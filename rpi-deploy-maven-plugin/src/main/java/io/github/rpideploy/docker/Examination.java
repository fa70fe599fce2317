package io.github.rpideploy.docker;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.remote.Command;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.remote.Stdin;
import org.jspecify.annotations.Nullable;

/**
 * The script that looks closely at a Pi. It keeps nothing there, not even a temporary file: it is
 * to work on a Pi whose disk is full.
 *
 * <p>It prints a line "key value" for each finding, then {@code =yaml} and the compose file as
 * compose sees it, {@code =config} with the exit status and what compose complained about, and
 * {@code =end}. None of these is a line of YAML that compose prints. Of files and command lines
 * that may hold secrets it only tells whether a word is in them.
 */
final class Examination {

  /** What needs no Docker. */
  private static final String MACHINE =
      """
      echo "begin $(date +%s.%N)"
      trap 'echo "=end $(date +%s.%N)"' EXIT
      directory=$2 given=$3
      echo "kernel $(uname -m)"
      echo "page $(getconf PAGESIZE 2>/dev/null)"
      ! command -v vcgencmd >/dev/null || echo "throttled $(vcgencmd get_throttled 2>&1 | tr '\\n' ' ')"
      fourth() { tail -n 1 | { read -r _ all _ free _ && echo "$free $all"; }; }
      disk() {
        kib=$(df -Pk -- "$2" 2>/dev/null | fourth)
        inodes=$(df -Pi -- "$2" 2>/dev/null | fourth)
        [ -z "$kib" ] || echo "disk $1 ${kib%% *} ${inodes:-- -} $2"
      }
      disk tmp "${TMPDIR:-/tmp}"
      [ ! -d "$directory" ] || echo "directory $(CDPATH= cd -- "$directory" && pwd)"
      d=$directory
      while [ ! -e "$d" ] && [ "$d" != "$(dirname -- "$d")" ]; do d=$(dirname -- "$d"); done
      { [ -d "$d" ] && [ -w "$d" ]; } || echo "unwritable $d"
      for p in tcp tcp6 udp udp6; do
        sed -n "s/^ *[0-9]*: \\([0-9A-F]*:[0-9A-F]*\\) [0-9A-F]*:0000 0[A7] .*/listener ${p%6} \\1/p" /proc/net/$p 2>/dev/null
      done
      ss -Hltnup 2>/dev/null | sed -n 's/^\\([a-z]*\\) .*:\\([0-9][0-9]*\\) .*users:((.\\([^,]*\\).,pid=\\([0-9]*\\).*/process \\1 \\2 \\3 (process \\4)/p'
      for f in /proc/sys/fs/binfmt_misc/qemu-*; do
        read -r state < "$f" 2>/dev/null && [ "$state" = enabled ] && echo "emulates-${f##*/qemu-} yes"
      done
      for f in /etc/docker/daemon.json "$HOME/.config/docker/daemon.json"; do
        [ ! -e "$f" ] || echo "daemon-json yes"
        ! grep -qs max-size "$f" || echo "rotates yes"
      done
      ! grep -qs max-size "/proc/$(pidof dockerd 2>/dev/null)/cmdline" || echo "rotates yes"
      """;

  /** What the Engine and compose know. Only compose may read the compose file on standard input. */
  private static final String ASK =
      """
      if ! said=$(docker version --format '{{.Server.Version}} {{.Server.Os}} {{.Server.Arch}}' 2>&1 </dev/null)
      then echo "error $(printf '%s' "$said" | tr '\\n' ' ')"; exit 0
      fi
      echo "server $said"
      info=$(docker info --format 'driver {{.Driver}}
      status {{json .DriverStatus}}
      root {{.DockerRootDir}}
      memory {{.MemTotal}}
      limits-memory {{.MemoryLimit}}
      log-driver {{.LoggingDriver}}
      security {{json .SecurityOptions}}' 2>/dev/null </dev/null)
      printf '%s\\n' "$info"
      disk docker "$(printf '%s\\n' "$info" | sed -n 's/^root //p')"
      [ ! -d /var/lib/containerd ] || disk containerd /var/lib/containerd
      docker ps --format 'published {{.Names}}\\t{{.Label "com.docker.compose.project.working_dir"}}\\t{{.Label "com.docker.compose.service"}}\\t{{.Ports}}' 2>/dev/null </dev/null
      if v=$(docker compose version --short 2>/dev/null </dev/null); then set -- docker compose
      elif c=$(command -v docker-compose); then
        echo "standalone $c"
        if ! v=$($with "$c" version --short 2>&1 </dev/null); then
          case $with in sudo*) echo "error $(printf '%s' "$v" | tr '\\n' ' ')" ;; esac
          exit 0
        fi
        set -- $with "$c"
      else exit 0
      fi
      echo "compose $v"
      config() {
        if [ -d "$directory" ]; then CDPATH= cd -- "$directory" || return
        else cd / && set -- "$@" -p preview
        fi
        if [ -n "$given" ]; then "$@" -f - config; else "$@" config </dev/null; fi
      }
      echo =yaml
      { said=$(config "$@" 2>&1 1>&3); status=$?; } 3>&1
      echo "=config $status"
      printf '%s\\n' "$said"
      """;

  private Examination() {}

  static ExaminationResult of(
      RemoteHost host, String directory, @Nullable String composeYaml, boolean sudo) {
    Command command =
        Command.script(
            MACHINE + Probe.FIND + ASK,
            sudo ? Probe.SUDO : "",
            Command.asPath(directory),
            composeYaml == null ? "" : "given");
    ExecResult result =
        composeYaml == null ? host.exec(command) : host.exec(command, Stdin.of(composeYaml));
    if (!result.ok()) {
      throw new DeployException(
          "No shell works on " + host.name() + ": " + result.describe(),
          "Log in there by ssh and see what it says; the login shell must be able to run: sh -c true");
    }
    return new ExaminationAnswer(host.name(), directory, result.stdout()).findings();
  }
}
