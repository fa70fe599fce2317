package io.github.rpideploy.ssh.settings;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.remote.Command;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where to connect, as whom, what to trust and what to use: the result of an {@link SshRequest}.
 *
 * @param host name or address of the SSH server
 * @param port its TCP port
 * @param user user to log in as
 * @param login what to authenticate with
 * @param trust which host keys are accepted
 * @param route how to get there
 * @param algorithms the algorithms that the connection may use
 * @param connectTimeout until the host key is accepted, over all addresses
 * @param keepAlive how often the server is asked for a sign of life; after four unanswered requests
 *     the connection is given up
 */
public record SshSettings(
    String host,
    int port,
    String user,
    Login login,
    HostTrust trust,
    Route route,
    Algorithms algorithms,
    Duration connectTimeout,
    Duration keepAlive) {

  static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(20);
  static final Duration KEEP_ALIVE = Duration.ofSeconds(15);

  /**
   * @throws DeployException when the host, the port or the user is invalid
   */
  public SshSettings {
    host = SshNames.host(host);
    user = SshNames.user(user, host);
    if (port < 1 || port > 65535) {
      throw new DeployException("Not a TCP port: " + port, "Give one with -Drpi.port=22");
    }
  }

  /** No key to log in with and no trusted host key yet; the default times. */
  public static SshSettings of(String host, int port, String user) {
    return new SshSettings(
        host,
        port,
        user,
        Login.NOTHING,
        HostTrust.in(List.of(), host, port),
        Route.ANY_ADDRESS,
        Algorithms.ANY,
        CONNECT_TIMEOUT,
        KEEP_ALIVE);
  }

  /** The same on another port, under which known_hosts must then name the host. */
  public SshSettings withPort(int other) {
    return new SshSettings(
        host,
        other,
        user,
        login,
        trust.withNames(List.of(SshNames.knownHostsName(host, other))),
        route,
        algorithms,
        connectTimeout,
        keepAlive);
  }

  public SshSettings with(Login other) {
    return new SshSettings(
        host, port, user, other, trust, route, algorithms, connectTimeout, keepAlive);
  }

  public SshSettings with(HostTrust other) {
    return new SshSettings(
        host, port, user, login, other, route, algorithms, connectTimeout, keepAlive);
  }

  public SshSettings with(Route other) {
    return new SshSettings(
        host, port, user, login, trust, other, algorithms, connectTimeout, keepAlive);
  }

  public SshSettings with(Algorithms others) {
    return new SshSettings(
        host, port, user, login, trust, route, others, connectTimeout, keepAlive);
  }

  /** The same with exactly these key files. */
  public SshSettings withIdentityFiles(List<Path> others) {
    return with(login.withNamed(others));
  }

  /** The same with exactly these files of known host keys. */
  public SshSettings withKnownHosts(List<Path> others) {
    return with(HostTrust.in(others, host, port));
  }

  /** The same with the agent at this socket, or none. */
  public SshSettings withAgentSocket(Optional<Path> other) {
    return with(login.withAgent(other));
  }

  /** The same with other times. */
  public SshSettings withTimeouts(Duration connect, Duration alive) {
    return new SshSettings(host, port, user, login, trust, route, algorithms, connect, alive);
  }

  /** For messages: {@code raspberrypi.local:22}, {@code [fe80::1]:22}. */
  public String address() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }

  /** For messages: {@code pi@raspberrypi.local:22}. */
  public String name() {
    return user + "@" + address();
  }

  /** For messages: the route of the connection, {@code pi@10.0.0.5:22 through me@gate:22}. */
  public String nameWithRoute() {
    if (route instanceof Route.Jump jump) {
      return name() + " through " + jump.via().nameWithRoute();
    }
    if (route instanceof Route.Through through) {
      return name() + " through " + through.host().name();
    }
    return route instanceof Route.Proxy ? name() + " through its ProxyCommand" : name();
  }

  /** A command that the user can paste to try the same with OpenSSH; the options follow ssh. */
  public String sshCommand(String options) {
    List<String> words = new ArrayList<>(List.of("ssh"));
    Stream.of(options.split(" ", -1)).filter(o -> !o.isEmpty()).forEach(words::add);
    if (route instanceof Route.Jump jump) {
      words.addAll(List.of("-J", Command.of(jump.via().name()).toShell()));
    } else if (route instanceof Route.Through through) {
      words.addAll(List.of("-J", Command.of(through.host().name()).toShell()));
    }
    if (port != SshNames.SSH_PORT) {
      words.addAll(List.of("-p", String.valueOf(port)));
    }
    words.add(Command.of(user + "@" + host).toShell());
    return String.join(" ", words);
  }

  @Override
  public String toString() {
    return nameWithRoute();
  }
}
