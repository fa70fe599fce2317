package io.github.rpideploy.docker;

import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.github.rpideploy.DeployException;
import io.github.rpideploy.docker.file.ComposeFile;
import io.github.rpideploy.remote.Command;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.remote.Script;
import io.github.rpideploy.remote.Stdin;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Asks the Pi what a deploy must know, in one round trip. */
public final class Probe {

  /** The prefix of docker where only root may use it. */
  static final String SUDO = "sudo -n";

  private static final Script SCRIPT = Script.of(Probe.class, "probe.sh");

  /** Facts, then the exit status of compose, then what it said. */
  private static final Pattern ANSWERS =
      Pattern.compile("(.*?)^config ([0-9]{1,3})\\R(.*)", Pattern.DOTALL | Pattern.MULTILINE);

  /** binfmt names an architecture as QEMU does, the Engine as Go does. */
  private static final Map<String, String> GO_NAMES =
      Map.of("aarch64", "arm64", "x86_64", "amd64", "arm", "arm", "i386", "386");

  /** What the probe tells of the stack's files. */
  private static final Set<String> OF_FILES = Set.of("files", "record", "there", "env", "unset");

  /**
   * The compose file that will be uploaded.
   *
   * @param name how messages name it
   * @param yaml its text
   * @param files the SHA-256 of the list of files that go along with it; empty without any
   * @param stdin what the Pi reads when it has not all of that: the text, or an archive with files
   */
  public record Given(String name, String yaml, String files, Stdin stdin) {

    /** One that nothing goes along with. */
    public static Given alone(String name, String yaml) {
      return new Given(name, yaml, "", Stdin.of(yaml));
    }
  }

  private Probe() {}

  /**
   * Finds Docker on the Pi, even where the PATH of a non-interactive session lacks it, and asks
   * what a deploy must know. It changes nothing there.
   *
   * @param directory the compose directory, absolute or relative to the user's home; it need not
   *     exist yet
   * @param given the compose file that will be uploaded, or null to use the one on the Pi
   * @param sudo whether docker and compose are called with {@code sudo -n}
   * @throws DeployException when there is no Docker, or its Engine does not answer this user
   */
  public static ProbeResult of(
      RemoteHost host, String directory, @Nullable Given given, boolean sudo) {
    return of(host, directory, given, sudo, "/run/docker.pid");
  }

  /**
   * @param pidFile where the system's Engine has written its process id
   */
  static ProbeResult of(
      RemoteHost host, String directory, @Nullable Given given, boolean sudo, String pidFile) {
    Command command =
        Command.script(
            SCRIPT,
            sudo ? SUDO : "",
            ReleaseScripts.NOTES,
            Command.asPath(directory),
            ProbeResult.Project.FORMAT,
            given == null ? "" : sha256(given.yaml()),
            given == null ? "" : given.files(),
            pidFile);
    ExecResult result = given == null ? host.exec(command) : host.exec(command, given.stdin());
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
          "Install Docker Engine and the compose plugin there, then: sudo usermod -aG docker"
              + " <user>");
    }
    String before = found.getOrDefault("with", "");
    Engine engine = engine(host, docker, found);
    EngineContents contents = ReleaseAnswer.parse(facts).contents();
    ProbeResult.Project project = ProbeResult.Project.parse(facts.lines());
    Docker there =
        new Docker(
            host,
            DockerCommand.of(before, docker),
            engine,
            compose(before, docker, found),
            contents,
            project);
    return new ProbeResult(
        there,
        contents,
        new ComposeAnswer(
            host.name(),
            directory,
            found.get("unwritable"),
            config(answers),
            given == null ? null : given.name()),
        facts
            .lines()
            .filter(line -> line.startsWith("unsettled "))
            .map(line -> line.substring("unsettled ".length()).strip())
            .toList(),
        facts.lines().filter(line -> OF_FILES.contains(line.split(" ", 2)[0])).toList(),
        project,
        available(found.getOrDefault("available", "")));
  }

  private static OptionalLong available(String kib) {
    return kib.matches("\\d{1,12}")
        ? OptionalLong.of(Long.parseLong(kib) << 10)
        : OptionalLong.empty();
  }

  /** Loads the parsers of a Pi's answer, while the connection is still being made. */
  public static void warmUp() {
    ComposeFile.parse("services: {a: {image: b, ports: [{published: '1', protocol: tcp}]}}");
    String digest = "0".repeat(64);
    ReleaseAnswer.parse("image " + digest + " a:b " + digest + "\nspace 1 /").contents();
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
          fix(host.name(), docker, found.get("standalone"), said));
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

  /** What lets the user talk to an Engine that answered {@code said}. */
  static String fix(String host, String docker, @Nullable String standalone, String said) {
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
    try {
      return JsonParser.parseString(text).isJsonArray();
    } catch (JsonParseException e) {
      return false;
    }
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
