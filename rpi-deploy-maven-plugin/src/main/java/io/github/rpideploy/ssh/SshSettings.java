package io.github.rpideploy.ssh;

import io.github.rpideploy.DeployException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where to connect, as whom, and which keys to trust and to use.
 *
 * @param host name or address of the Pi
 * @param port TCP port of its SSH server
 * @param user user to log in as
 * @param identityFiles private keys to try, in order, after the ones of the agent; each must exist
 * @param knownHosts files in the format of OpenSSH's {@code known_hosts}; missing ones are skipped
 * @param identityText a private key as text, tried first, or null; never shown
 * @param agentSocket Unix-domain socket of an ssh-agent
 * @param connectTimeout for each address of the host, and again for the key exchange
 * @param keepAlive how often the Pi is asked for a sign of life; a connection that gives none for
 *     four such times is given up
 */
public record SshSettings(
    String host,
    int port,
    String user,
    List<Path> identityFiles,
    List<Path> knownHosts,
    @Nullable String identityText,
    Optional<Path> agentSocket,
    Duration connectTimeout,
    Duration keepAlive) {

  /** The environment variable whose value {@link #defaults} takes as private key. */
  public static final String KEY_VARIABLE = "RPI_SSH_KEY";

  private static final String AGENT_VARIABLE = "SSH_AUTH_SOCK";
  private static final int SSH_PORT = 22;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(20);
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(15);
  private static final List<String> KEY_FILES = List.of("id_ed25519", "id_ecdsa", "id_rsa");

  /**
   * @throws DeployException when the host, the port or the user cannot be meant
   */
  public SshSettings {
    host = withoutBrackets(host.strip());
    if (host.isEmpty() || host.startsWith("-") || host.chars().anyMatch(Character::isWhitespace)) {
      throw new DeployException(
          "The host of the Pi is missing or not a name: '" + host + "'",
          "Name it with -Drpi.host=raspberrypi.local");
    }
    if (port < 1 || port > 65535) {
      throw new DeployException("Not a TCP port: " + port, "Give one with -Drpi.port=22");
    }
    if (user.isBlank()) {
      throw new DeployException(
          "The user to log in as on " + host + " is missing", "Name it with -Drpi.user=pi");
    }
    identityFiles = List.copyOf(identityFiles);
    knownHosts = List.copyOf(knownHosts);
  }

  /**
   * What OpenSSH would take without a configuration file: port 22, those of {@code ~/.ssh/}{@code
   * id_ed25519}, {@code id_ecdsa}, {@code id_rsa} that exist, {@code ~/.ssh/known_hosts} and {@code
   * /etc/ssh/ssh_known_hosts}, the agent at {@code SSH_AUTH_SOCK}; and the key in {@link
   * #KEY_VARIABLE}. Connects within 20 seconds and asks for a sign of life every 15.
   */
  public static SshSettings defaults(String host, String user) {
    return defaults(host, user, Path.of(System.getProperty("user.home")), System.getenv());
  }

  static SshSettings defaults(String host, String user, Path home, Map<String, String> env) {
    Path ssh = home.resolve(".ssh");
    List<Path> keys = KEY_FILES.stream().map(ssh::resolve).filter(Files::isRegularFile).toList();
    return new SshSettings(
        host,
        SSH_PORT,
        user,
        keys,
        List.of(ssh.resolve("known_hosts"), Path.of("/etc/ssh/ssh_known_hosts")),
        notBlank(env.get(KEY_VARIABLE)).orElse(null),
        notBlank(env.get(AGENT_VARIABLE)).map(Path::of),
        CONNECT_TIMEOUT,
        KEEP_ALIVE);
  }

  /** The same on another port. */
  public SshSettings withPort(int other) {
    return new SshSettings(
        host,
        other,
        user,
        identityFiles,
        knownHosts,
        identityText,
        agentSocket,
        connectTimeout,
        keepAlive);
  }

  /** The same with exactly these key files. */
  public SshSettings withIdentityFiles(List<Path> others) {
    return new SshSettings(
        host, port, user, others, knownHosts, identityText, agentSocket, connectTimeout, keepAlive);
  }

  /** The same with exactly these files of known host keys. */
  public SshSettings withKnownHosts(List<Path> others) {
    return new SshSettings(
        host,
        port,
        user,
        identityFiles,
        others,
        identityText,
        agentSocket,
        connectTimeout,
        keepAlive);
  }

  /** The same with this private key as text, or none. */
  SshSettings withIdentityText(@Nullable String other) {
    return new SshSettings(
        host, port, user, identityFiles, knownHosts, other, agentSocket, connectTimeout, keepAlive);
  }

  /** The same with the agent at this socket, or none. */
  SshSettings withAgentSocket(Optional<Path> other) {
    return new SshSettings(
        host,
        port,
        user,
        identityFiles,
        knownHosts,
        identityText,
        other,
        connectTimeout,
        keepAlive);
  }

  /** The same with other limits of time. */
  public SshSettings withTimeouts(Duration connect, Duration alive) {
    return new SshSettings(
        host, port, user, identityFiles, knownHosts, identityText, agentSocket, connect, alive);
  }

  /** For messages: {@code raspberrypi.local:22}, {@code [fe80::1]:22}. */
  String address() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }

  /** For messages: {@code pi@raspberrypi.local:22}. */
  String name() {
    return user + "@" + address();
  }

  /** A command that the user can paste to see the same with OpenSSH; options come after ssh. */
  String sshCommand(String options) {
    List<String> words = new ArrayList<>(List.of("ssh"));
    Stream.of(options.split(" ", -1)).filter(o -> !o.isEmpty()).forEach(words::add);
    if (port != SSH_PORT) {
      words.addAll(List.of("-p", String.valueOf(port)));
    }
    words.add(user + "@" + host);
    return String.join(" ", words);
  }

  @Override
  public String toString() {
    return name() + (identityText == null ? "" : " with a key from " + KEY_VARIABLE);
  }

  private static Optional<String> notBlank(@Nullable String value) {
    return Optional.ofNullable(value).filter(v -> !v.isBlank());
  }

  private static String withoutBrackets(String host) {
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }
}
