package io.github.rpideploy.docker;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.github.rpideploy.DeployException;
import io.github.rpideploy.remote.Command;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.remote.Stdin;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds {@code docker} and compose on the Pi and asks what they are, in one round trip. */
final class Probe {

  /** What stands before Docker where the user may use it as root only. */
  static final String SUDO = "sudo -n";

  /**
   * Finds docker. The PATH of a non-interactive SSH session may lack the directories that docker is
   * installed to, hence the additions. Nor does such a session have the {@code DOCKER_HOST} of a
   * rootless Engine, whose socket is taken when the user cannot use the one of the system and has
   * not chosen another. {@code $with} is what stands before each call. (Two slashes in a row would
   * be a comment to the reader of our parameters, also here.)
   */
  static final String FIND =
      """
      with=$1; shift
      PATH="$PATH:/usr/local/bin:/usr/bin:/bin:/snap/bin:$HOME/bin"
      docker=$(command -v docker) || { echo 'missing docker'; exit 0; }
      echo "docker $docker"
      rootless=/run/user/$(id -u)/docker.sock
      if [ -z "$with$DOCKER_HOST$DOCKER_CONTEXT" ] && [ ! -w /var/run/docker.sock ] && [ -S "$rootless" ] &&
        ! grep -q currentContext "${DOCKER_CONFIG:-$HOME/.docker}/config.json" 2>/dev/null
      then with="env DOCKER_HOST=unix:/""/$rootless"
      fi
      echo "with $with"
      docker() { $with "$docker" "$@"; }
      """;

  /**
   * Prints one "key value" line per finding. Everything is asked side by side: each docker command
   * takes a Pi a tenth of a second or more. The compose file comes a round trip after the rest and
   * is not waited for when the Pi has the same. What they say is kept in memory meanwhile, not on
   * the SD card. Where the compose directory is not there yet, compose runs beside nothing that it
   * could read, under a name of its own: it takes none from {@code /}.
   */
  private static final String ASK =
      """
      directory=$1 given=$2
      same=$(sha256sum < "$directory/compose.yaml") 2>/dev/null
      [ "${same%% *}" != "$given" ] || given=
      for t in "$XDG_RUNTIME_DIR" /dev/shm "${TMPDIR:-/tmp}"; do
        [ -n "$t" ] && t=$(mktemp -d "$t/rpi-deploy.XXXXXX" 2>/dev/null) && break
        t=
      done
      [ -n "$t" ] || { echo 'error no temporary file can be made, not even in /tmp'; exit 0; }
      trap 'rm -rf -- "$t"' EXIT
      trap 'exit 1' HUP INT TERM
      config() {
        if [ -d "$directory" ]; then CDPATH= cd -- "$directory" || return
        else cd / && set -- "$@" -p preview
        fi
        if [ -n "$given" ]; then "$@" -f - config < "$t/yaml"; else "$@" config; fi
      }
      docker version --format '{{.Server.Version}} {{.Server.Os}} {{.Server.Arch}}' > "$t/server" 2>&1 &
      server=$!
      docker info --format 'driver {{.Driver}}
      status {{json .DriverStatus}}
      root {{.DockerRootDir}}' > "$t/info" 2>/dev/null &
      info=$!
      docker compose version --short > "$t/compose" 2>/dev/null &
      compose=$!
      images > "$t/images" 2>/dev/null &
      [ -z "$given" ] || cat > "$t/yaml"
      (config docker compose) > "$t/config" 2> "$t/said"
      status=$?
      if ! wait $server; then echo "error $(tr '\n' ' ' < "$t/server")"; wait; exit 0; fi
      echo "server $(cat "$t/server")"
      wait $info
      cat "$t/info"
      if wait $compose; then echo "compose $(cat "$t/compose")"
      elif c=$(command -v docker-compose); then
        echo "standalone $c"
        if v=$($with "$c" version --short 2> "$t/compose"); then
          echo "compose $v"
          (config $with "$c") > "$t/config" 2> "$t/said"
          status=$?
        else case $with in sudo*) echo "error $(tr '\n' ' ' < "$t/compose")"; wait; exit 0 ;; esac
        fi
      fi
      for f in /proc/sys/fs/binfmt_misc/qemu-*; do
        read -r state < "$f" 2>/dev/null && [ "$state" = enabled ] && echo "emulates-${f##*/qemu-} yes"
      done
      wait
      cat "$t/images"
      space "$(sed -n 's/^root //p' "$t/info")"
      d=$directory
      while [ ! -e "$d" ] && [ "$d" != "$(dirname -- "$d")" ]; do d=$(dirname -- "$d"); done
      { [ -d "$d" ] && [ -w "$d" ]; } || echo "unwritable $d"
      echo "config $status"
      if [ $status -eq 0 ]; then cat "$t/config"; else cat "$t/said"; fi
      exit 0
      """;

  /** Facts, then the exit status of compose, then what it said. */
  private static final Pattern ANSWERS =
      Pattern.compile("(.*?)^config ([0-9]{1,3})\\R(.*)", Pattern.DOTALL | Pattern.MULTILINE);

  /** binfmt names an architecture as QEMU does, the Engine as Go does. */
  private static final Map<String, String> GO_NAMES =
      Map.of("aarch64", "arm64", "x86_64", "amd64", "arm", "arm", "i386", "386");

  private Probe() {}

  static ProbeResult look(
      RemoteHost host, String directory, @Nullable String composeYaml, boolean sudo) {
    Command command =
        Command.script(
            FIND + ReleaseScripts.IMAGES + ReleaseScripts.SPACE + ASK,
            sudo ? SUDO : "",
            Command.asPath(directory),
            composeYaml == null ? "" : sha256(composeYaml));
    ExecResult result =
        composeYaml == null ? host.exec(command) : host.exec(command, Stdin.of(composeYaml));
    if (!result.ok()) {
      throw new DeployException(
          "Asking for Docker failed on " + host.name() + ": " + result.describe(),
          "Check that a shell works there: " + Command.of("ssh", user(host), "true").toShell());
    }
    Matcher answers = ANSWERS.matcher(result.stdout());
    String facts = answers.matches() ? answers.group(1) : result.stdout();
    Map<String, String> found = new HashMap<>();
    facts
        .lines()
        .map(line -> line.split(" ", 2))
        .filter(parts -> parts.length == 2)
        .forEach(parts -> found.put(parts[0], parts[1].strip()));
    String docker = found.get("docker");
    if (docker == null) {
      throw new DeployException(
          "Docker was not found on "
              + host.name()
              + " (looked in PATH, /usr/local/bin, /usr/bin, /bin, /snap/bin and ~/bin)",
          "Install Docker Engine and the compose plugin there, then: sudo usermod -aG docker <user>");
    }
    String before = found.getOrDefault("with", "");
    Engine engine = engine(host, docker, found);
    Docker there =
        new Docker(host, DockerCommand.of(before, docker), engine, compose(before, docker, found));
    return new ProbeResult(
        there,
        ReleaseAnswer.parse(facts).contents(),
        new ComposeAnswer(host.name(), directory, found.get("unwritable"), config(answers)));
  }

  private static String sha256(String text) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha256.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  private static ExecResult config(Matcher answers) {
    if (!answers.matches()) {
      return new ExecResult(1, null, "", "no answer");
    }
    int status = Integer.parseInt(answers.group(2));
    String said = answers.group(3);
    return status == 0
        ? new ExecResult(status, null, said, "")
        : new ExecResult(status, null, "", said);
  }

  private static Engine engine(RemoteHost host, String docker, Map<String, String> found) {
    String error = found.get("error");
    String server = found.get("server");
    if (error != null || server == null) {
      String said = error == null ? "no answer" : error;
      throw new DeployException(
          "The Docker Engine on " + host.name() + " does not answer: " + said,
          mend(host.name(), docker, found.get("standalone"), said));
    }
    String[] parts = server.split(" ", -1);
    if (parts.length != 3) {
      throw new DeployException(
          "The Docker Engine on " + host.name() + " gave an answer that makes no sense: " + server,
          "Check on the Pi: docker version");
    }
    return engine(parts, found);
  }

  /**
   * @param server version, operating system and architecture
   * @param found further facts, by the first word of their line
   */
  static Engine engine(String[] server, Map<String, String> found) {
    Set<String> emulated =
        found.keySet().stream()
            .filter(key -> key.startsWith("emulates-"))
            .map(key -> GO_NAMES.get(key.substring("emulates-".length())))
            .filter(name -> name != null)
            .collect(Collectors.toSet());
    return new Engine(
        server[0],
        store(found.getOrDefault("driver", "unknown"), found.getOrDefault("status", "null")),
        server[1],
        server[2],
        emulated,
        found.getOrDefault("root", "/var/lib/docker"));
  }

  /** What lets the user talk to an Engine that has {@code said} no. */
  static String mend(String host, String docker, @Nullable String standalone, String said) {
    String user = host.replaceFirst("@.*", "");
    if (said.contains("sudo: ") && said.contains("not found")) {
      return "There is no sudo: remove rpi.sudo, and as root there: usermod -aG docker " + user;
    }
    if (said.contains("sudo: ")) {
      String allowed = standalone == null ? docker : docker + ", " + standalone;
      return "Allow it on the Pi: echo '%s ALL=(root) NOPASSWD: %s' | sudo tee /etc/sudoers.d/rpi-deploy\nOr let the user talk to Docker, and remove rpi.sudo: sudo usermod -aG docker %s"
          .formatted(user, allowed, user);
    }
    return said.toLowerCase(Locale.ROOT).contains("permission denied")
        ? "Let the user talk to Docker and log in again: sudo usermod -aG docker "
            + user
            + "; where that is not wanted: -Drpi.sudo=true"
        : "Start it on the Pi: sudo systemctl start docker";
  }

  /** The containerd store shows as driver {@code overlayfs} with the snapshotter as its type. */
  private static String store(String driver, String status) {
    return status.contains("io.containerd.snapshotter") && isJsonArray(status)
        ? Engine.CONTAINERD
        : driver;
  }

  private static boolean isJsonArray(String text) {
    JsonElement parsed = JsonParser.parseString(text);
    return parsed.isJsonArray();
  }

  static @Nullable ComposeCommand compose(String before, String docker, Map<String, String> found) {
    String version = found.get("compose");
    if (version == null) {
      return null;
    }
    String standalone = found.get("standalone");
    return ComposeCommand.of(
        standalone == null
            ? DockerCommand.of(before, docker).with("compose")
            : DockerCommand.of(before, standalone).argv(),
        version);
  }

  private static String user(RemoteHost host) {
    return host.name().replaceFirst(":\\d+$", "");
  }
}
