package io.github.rpideploy.docker;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.docker.file.Endpoint;
import io.github.rpideploy.remote.Command;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.remote.Script;
import io.github.rpideploy.remote.Stdin;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The containers of the Engine on the Pi. */
public final class Containers {

  private static final int LOG_LIMIT = 2 << 20;

  /** A whole log over a slow link; a link that is dead is noticed long before. */
  static final Duration LOG_TIMEOUT = Duration.ofHours(2);

  /** How soon the end of a followed log is noticed. */
  private static final Duration HEARTBEAT = Duration.ofSeconds(2);

  private static final Script IN_CONTAINER = Script.of(Containers.class, "in-container.sh");

  /** How much longer a call may take than the command that it runs in a container. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final RemoteHost host;
  private final DockerCommand docker;

  Containers(RemoteHost host, DockerCommand docker) {
    this.host = host;
    this.docker = docker;
  }

  /** A container's present state, empty when it is gone. */
  public Optional<Container> inspect(String id) {
    ExecResult result =
        host.exec(docker.call("container", "inspect", "--format", Container.FORMAT, "--", id));
    if (result.ok()) {
      return Optional.of(result.read("docker container inspect " + id, host, Container::parse));
    }
    if (result.stderr().toLowerCase(Locale.ROOT).contains("no such container")) {
      return Optional.empty();
    }
    throw docker.failure(host, "docker container inspect " + id, result);
  }

  /**
   * The environment of a container, {@code NAME=value} each. It holds most secrets: never show it.
   */
  public List<String> environment(String containerId) {
    ExecResult result =
        host.exec(
            docker.call(
                "container", "inspect", "--format", "{{json .Config.Env}}", "--", containerId));
    if (!result.ok()) {
      throw docker.failure(host, "docker container inspect " + containerId, result);
    }
    if (result.stdout().strip().equals("null")) {
      // An image without any, and none in the compose file.
      return List.of();
    }
    return result.read(
        "docker container inspect " + containerId,
        host,
        json -> List.of(Container.json(json, String[].class)));
  }

  /**
   * How earlier runs of a container ended within that time; empty when the Engine does not say.
   *
   * <p>Docker truncates times to whole seconds, so an event of this second lies after "now". Hence
   * {@code --until -1s}, which waits one second more.
   */
  public Exits exits(String containerId, Duration within) {
    ExecResult result =
        host.exec(
            docker.call(
                "events",
                "--since",
                within.toSeconds() + "s",
                "--until",
                "-1s",
                "--filter",
                "event=die",
                "--filter",
                "event=oom",
                "--filter",
                "container=" + containerId,
                "--format",
                Exits.FORMAT));
    return result.ok() ? Exits.parse(result.stdout()) : Exits.NONE;
  }

  /**
   * Where a container listens.
   *
   * @param published for each of its TCP ports the endpoint of the Pi that leads there
   * @param addresses its own, which the Pi reaches; none when it has the Pi's network
   * @param exposed its TCP ports that its image or the compose file names
   */
  public record Listening(
      Map<Integer, Endpoint> published, List<String> addresses, Set<Integer> exposed) {

    static final String FORMAT =
        "{{range $port, $all := .NetworkSettings.Ports}}{{range $all}}published {{$port}} {{.HostIp}}"
            + " {{.HostPort}}{{println}}{{end}}exposed {{$port}}{{println}}{{end}}"
            + "{{range $port, $any := .Config.ExposedPorts}}exposed {{$port}}{{println}}{{end}}"
            + "{{range .NetworkSettings.Networks}}address {{.IPAddress}}{{println}}{{end}}";

    private static final Pattern PORT = Pattern.compile("([1-9]\\d{0,4})/tcp");

    static Listening parse(String said) {
      Map<Integer, Endpoint> published = new TreeMap<>();
      List<String> addresses = new ArrayList<>();
      Set<Integer> exposed = new TreeSet<>();
      for (String line : said.lines().toList()) {
        String[] words = line.split(" ", -1);
        Matcher port = PORT.matcher(words.length > 1 ? words[1] : "");
        if (words[0].equals("address") && words.length == 2 && !words[1].isEmpty()) {
          addresses.add(words[1]);
        } else if (words[0].equals("exposed") && port.matches()) {
          exposed.add(Integer.parseInt(port.group(1)));
        } else if (words[0].equals("published") && port.matches() && words.length == 4) {
          // Both versions of IP have the same port, but for old Engines.
          published.putIfAbsent(
              Integer.parseInt(port.group(1)),
              Endpoint.of("tcp", words[2], Integer.parseInt(words[3])));
        }
      }
      return new Listening(published, addresses, exposed);
    }
  }

  /** Where a container listens; empty when it is gone. */
  public Optional<Listening> listening(String containerId) {
    String what = "docker container inspect " + containerId;
    ExecResult result =
        host.exec(
            docker.call("container", "inspect", "--format", Listening.FORMAT, "--", containerId));
    return result.ok() ? Optional.of(result.read(what, host, Listening::parse)) : Optional.empty();
  }

  /** The address of a swarm's container on the bridge of its node; none when it has none there. */
  public List<String> gateway(String containerId) {
    ExecResult result =
        host.exec(
            docker.call(
                "network",
                "inspect",
                "--format",
                "{{range $id, $at := .Containers}}{{$id}} {{$at.IPv4Address}}{{println}}{{end}}",
                "docker_gwbridge"));
    return result
        .stdout()
        .lines()
        .filter(line -> line.startsWith(containerId + " "))
        .map(line -> line.substring(containerId.length() + 1).replaceFirst("/.*", ""))
        .filter(address -> !address.isEmpty())
        .toList();
  }

  /** The name of the running container that publishes a port; empty when none does. */
  public Optional<String> holder(int port) {
    ExecResult result =
        host.exec(docker.call("ps", "--filter", "publish=" + port, "--format", "{{.Names}}"));
    return result.ok()
        ? result.stdout().lines().map(String::strip).filter(name -> !name.isEmpty()).findFirst()
        : Optional.empty();
  }

  /**
   * Runs a command line in a container, by the container's own shell.
   *
   * @param limit how long it may take; when it takes longer, it is ended in the container with all
   *     that it has started, and the status is 124
   */
  public ExecResult execute(String containerId, String commandLine, Duration limit) {
    return host.exec(execution(docker, containerId, commandLine, limit));
  }

  static Command execution(
      DockerCommand docker, String containerId, String commandLine, Duration limit) {
    String seconds = String.valueOf(limit.toSeconds());
    List<String> call = docker.with("exec", containerId);
    call.addAll(Command.script(IN_CONTAINER, seconds, commandLine).argv());
    // The container keeps to the limit; this is for an Engine that does not answer.
    call.addAll(0, List.of("timeout", String.valueOf(limit.plus(GRACE).toSeconds())));
    return Command.of(call);
  }

  /**
   * What a container has logged, standard output and error together: whole lines, at most the last
   * 20000 of them and the last 2 MiB.
   *
   * @param within how long ago, by the Pi's own clock; null for no limit
   */
  public byte[] logs(String containerId, @Nullable Duration within) {
    List<String> call = docker.with("logs", "--tail", "20000");
    if (within != null) {
      call.addAll(List.of("--since", within.toSeconds() + "s"));
    }
    call.add(containerId);
    call.add(0, String.valueOf(LOG_LIMIT));
    // The Pi cuts the log; one that does not is not listened to any longer.
    ByteArrayOutputStream out =
        new ByteArrayOutputStream() {
          @Override
          public synchronized void write(byte[] bytes, int offset, int length) {
            int taken = Math.min(length, LOG_LIMIT - size());
            super.write(bytes, offset, taken);
            if (taken < length) {
              throw new DeployException(
                  "The log of container %s on %s has no end".formatted(containerId, host.name()),
                  "See on the Pi what answers in place of tail: type -a tail");
            }
          }
        };
    try {
      host.exec(
          Command.script(
              "limit=$1; shift; \"$@\" 2>&1 | tail -c \"$limit\"", call.toArray(String[]::new)),
          Stdin.EMPTY,
          out);
    } catch (DeployException e) {
      if (out.size() < LOG_LIMIT) {
        throw e;
      }
    }
    byte[] log = out.toByteArray();
    if (log.length < LOG_LIMIT) {
      return log;
    }
    // It may begin within a secret, which redaction would not recognise.
    int start = 0;
    while (start < log.length && log[start] != '\n') {
      start++;
    }
    return Arrays.copyOfRange(log, Math.min(start + 1, log.length), log.length);
  }

  /**
   * Writes a part of the log of a container.
   *
   * @param arguments of {@code docker logs}
   * @param follow whether they include {@code --follow}: then the call returns when the container
   *     has ended
   */
  public void logs(String containerId, List<String> arguments, boolean follow, OutputStream out) {
    List<String> call = new ArrayList<>(List.of("logs"));
    call.addAll(arguments);
    call.add(containerId);
    String[] whole = call.toArray(String[]::new);
    if (follow) {
      host.exec(FollowedLog.command(docker, whole), Containers::signsOfLife, out);
    } else {
      host.exec(excerpt(docker, whole), Stdin.EMPTY, out);
    }
  }

  static Command excerpt(DockerCommand docker, String... call) {
    return Command.script("exec \"$@\" 2>&1", docker.with(call).toArray(String[]::new))
        .within(LOG_TIMEOUT);
  }

  /** Written until the other side reads no more. */
  private static void signsOfLife(OutputStream out) throws IOException {
    try {
      while (true) {
        out.write('.');
        out.flush();
        Thread.sleep(HEARTBEAT.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }
}
