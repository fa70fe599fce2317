package io.github.rpideploy.docker;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.github.rpideploy.DeployException;
import io.github.rpideploy.remote.Command;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.remote.RemoteHost;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds {@code docker} and compose on the Pi and asks what they are, in one round trip. */
final class DockerProbe {

  /**
   * Prints one "key value" line per finding. The PATH of a non-interactive SSH session may lack the
   * directories that docker is installed to, hence the additions.
   */
  private static final String SCRIPT =
      """
      PATH="$PATH:/usr/local/bin:/usr/bin:/bin:/snap/bin:$HOME/bin"
      docker=$(command -v docker) || { echo 'missing docker'; exit 0; }
      echo "docker $docker"
      if server=$("$docker" version --format '{{.Server.Version}} {{.Server.Os}} {{.Server.Arch}}' 2>&1)
      then echo "server $server"
      else echo "error $(echo "$server" | tr '\\n' ' ')"; exit 0
      fi
      "$docker" info --format 'driver {{.Driver}}
      status {{json .DriverStatus}}
      root {{.DockerRootDir}}' 2>/dev/null
      if v=$("$docker" compose version --short 2>/dev/null); then echo "compose $v"
      elif c=$(command -v docker-compose) && v=$("$c" version --short 2>/dev/null)
      then echo "compose $v"; echo "standalone $c"
      fi
      for f in /proc/sys/fs/binfmt_misc/qemu-*; do
        read -r state < "$f" 2>/dev/null && [ "$state" = enabled ] && echo "emulates-${f##*/qemu-} yes"
      done
      exit 0
      """;

  /** binfmt names an architecture as QEMU does, the Engine as Go does. */
  private static final Map<String, String> GO_NAMES =
      Map.of("aarch64", "arm64", "x86_64", "amd64", "arm", "arm", "i386", "386");

  private DockerProbe() {}

  static Docker find(RemoteHost host) {
    ExecResult result = host.exec(Command.script(SCRIPT));
    if (!result.ok()) {
      throw new DeployException(
          "Asking for Docker failed on " + host.name() + ": " + result.describe(),
          "Check that a shell works there: ssh " + user(host) + " true");
    }
    Map<String, String> found = new HashMap<>();
    result
        .stdout()
        .lines()
        .map(line -> line.split(" ", 2))
        .filter(parts -> parts.length == 2)
        .forEach(parts -> found.put(parts[0], parts[1].strip()));
    String docker = found.get("docker");
    if (docker == null) {
      throw new DeployException(
          "Docker was not found on " + host.name() + " (looked in PATH, /usr/local/bin, /snap/bin)",
          "Install Docker Engine and the compose plugin there, then: sudo usermod -aG docker <user>");
    }
    Engine engine = engine(host, found);
    return new Docker(host, docker, engine, compose(docker, found));
  }

  private static Engine engine(RemoteHost host, Map<String, String> found) {
    String error = found.get("error");
    String server = found.get("server");
    if (error != null || server == null) {
      String said = error == null ? "no answer" : error;
      throw new DeployException(
          "The Docker Engine on " + host.name() + " does not answer: " + said,
          said.toLowerCase(Locale.ROOT).contains("permission denied")
              ? "Let the user talk to Docker and log in again: sudo usermod -aG docker "
                  + host.name().replaceFirst("@.*", "")
              : "Start it on the Pi: sudo systemctl start docker");
    }
    String[] parts = server.split(" ", -1);
    if (parts.length != 3) {
      throw new DeployException(
          "The Docker Engine on " + host.name() + " gave an answer that makes no sense: " + server,
          "Check on the Pi: docker version");
    }
    Set<String> emulated =
        found.keySet().stream()
            .filter(key -> key.startsWith("emulates-"))
            .map(key -> GO_NAMES.get(key.substring("emulates-".length())))
            .filter(name -> name != null)
            .collect(Collectors.toSet());
    return new Engine(
        parts[0],
        store(found.getOrDefault("driver", "unknown"), found.getOrDefault("status", "null")),
        parts[1],
        parts[2],
        emulated,
        found.getOrDefault("root", "/var/lib/docker"));
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

  private static @Nullable ComposeCommand compose(String docker, Map<String, String> found) {
    String version = found.get("compose");
    if (version == null) {
      return null;
    }
    String standalone = found.get("standalone");
    return ComposeCommand.of(
        standalone == null ? List.of(docker, "compose") : List.of(standalone), version);
  }

  private static String user(RemoteHost host) {
    return host.name().replaceFirst(":\\d+$", "");
  }
}
