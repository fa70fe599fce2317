package io.github.rpideploy.ssh.settings;

import io.github.rpideploy.DeployException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the user configures about the SSH connection. Where a value is null, the {@code <server>} of
 * settings.xml decides, then the SSH configuration, then the default.
 *
 * @param hosts names that {@code ssh} understands, each a route to the same Pi; the first that
 *     answers is used
 * @param port TCP port; by default 22
 * @param user by default pi
 * @param identityFile a private key, tried before any other but {@code identityText}
 * @param identityText a private key as text, tried first
 * @param passphrase opens encrypted keys
 * @param server the {@code <server>} of settings.xml
 * @param knownHosts the file of host keys, instead of OpenSSH's
 * @param knownHostsText host keys as text, beside the files
 * @param hostKeys fingerprints ({@code SHA256:…}) or public keys of which the Pi must have one;
 *     then no file is read
 * @param hostKeyPolicy {@code strict} or {@code accept-new}
 * @param config the SSH configuration file, instead of OpenSSH's; {@code none} for no file
 * @param jump SSH servers to go through, separated by commas; {@code none} for none
 * @param connectTimeout until the host key is accepted, over all routes and addresses; by default
 *     20 seconds
 * @param keepAlive how often the Pi is asked for a sign of life; after four unanswered requests the
 *     connection is given up; by default 15 seconds
 */
public record SshRequest(
    List<String> hosts,
    @Nullable Integer port,
    @Nullable String user,
    @Nullable Path identityFile,
    @Nullable Secret identityText,
    @Nullable Secret passphrase,
    @Nullable Server server,
    @Nullable Path knownHosts,
    @Nullable Secret knownHostsText,
    List<String> hostKeys,
    @Nullable String hostKeyPolicy,
    @Nullable String config,
    @Nullable String jump,
    @Nullable Duration connectTimeout,
    @Nullable Duration keepAlive) {

  /** The environment variable that may hold a private key. */
  public static final String KEY_VARIABLE = "RPI_SSH_KEY";

  /** The environment variable that may hold the passphrase of private keys. */
  public static final String PASSPHRASE_VARIABLE = "RPI_SSH_KEY_PASSPHRASE";

  /** The environment variable that may hold lines of known_hosts. */
  static final String KNOWN_HOSTS_VARIABLE = "RPI_KNOWN_HOSTS";

  /**
   * A {@code <server>} of settings.xml.
   *
   * @param id its id
   * @param username or null
   * @param privateKey a file, or null
   * @param passphrase of that key, or null
   * @param password for the Pi, or null
   */
  public record Server(
      String id,
      @Nullable String username,
      @Nullable Path privateKey,
      @Nullable Secret passphrase,
      @Nullable Secret password) {}

  /**
   * @throws DeployException when there is no host, or the policy does not exist
   */
  public SshRequest {
    hosts = List.copyOf(hosts);
    hostKeys = List.copyOf(hostKeys);
    if (hosts.isEmpty()) {
      SshNames.host("");
    }
    if (hostKeyPolicy != null
        && !List.of("strict", "accept-new").contains(hostKeyPolicy.toLowerCase(Locale.ROOT))) {
      throw new DeployException(
          "Parameter hostKeyPolicy is "
              + hostKeyPolicy
              + ", but only strict and accept-new exist: a Pi whose host key changes is never"
              + " accepted",
          "Remove it, and add the Pi's host key to known_hosts once: ssh-keyscan -t ed25519 "
              + hosts.get(0)
              + " >> ~/.ssh/known_hosts, after comparing the fingerprint on the Pi");
    }
  }

  /** Only the host or the hosts, separated by commas, and the secrets of the environment. */
  public static SshRequest to(String hosts) {
    return to(hosts, System.getenv());
  }

  static SshRequest to(String hosts, Map<String, String> environment) {
    return new SshRequest(
        split(hosts),
        null,
        null,
        null,
        secret(environment, KEY_VARIABLE).orElse(null),
        secret(environment, PASSPHRASE_VARIABLE).orElse(null),
        null,
        null,
        secret(environment, KNOWN_HOSTS_VARIABLE).orElse(null),
        List.of(),
        null,
        null,
        null,
        null,
        null);
  }

  /** The value of an environment variable, unless it is blank. */
  public static Optional<Secret> secret(Map<String, String> environment, String variable) {
    return Optional.ofNullable(environment.get(variable))
        .filter(value -> !value.isBlank())
        .map(value -> new Secret(value, variable));
  }

  /** Removes the variables with private keys and passphrases from a program's environment. */
  public static ProcessBuilder withoutSecrets(ProcessBuilder program) {
    program.environment().keySet().removeAll(List.of(KEY_VARIABLE, PASSPHRASE_VARIABLE));
    return program;
  }

  /** A copy that can be changed; the one place that knows all components. */
  private static final class Draft {

    private List<String> hosts;
    private @Nullable Integer port;
    private @Nullable String user;
    private @Nullable Path identityFile;
    private @Nullable Secret identityText;
    private @Nullable Secret passphrase;
    private @Nullable Server server;
    private @Nullable Path knownHosts;
    private @Nullable Secret knownHostsText;
    private List<String> hostKeys;
    private @Nullable String hostKeyPolicy;
    private @Nullable String config;
    private @Nullable String jump;
    private @Nullable Duration connectTimeout;
    private @Nullable Duration keepAlive;

    Draft(SshRequest request) {
      this.hosts = request.hosts;
      this.port = request.port;
      this.user = request.user;
      this.identityFile = request.identityFile;
      this.identityText = request.identityText;
      this.passphrase = request.passphrase;
      this.server = request.server;
      this.knownHosts = request.knownHosts;
      this.knownHostsText = request.knownHostsText;
      this.hostKeys = request.hostKeys;
      this.hostKeyPolicy = request.hostKeyPolicy;
      this.config = request.config;
      this.jump = request.jump;
      this.connectTimeout = request.connectTimeout;
      this.keepAlive = request.keepAlive;
    }

    SshRequest made() {
      return new SshRequest(
          hosts,
          port,
          user,
          identityFile,
          identityText,
          passphrase,
          server,
          knownHosts,
          knownHostsText,
          hostKeys,
          hostKeyPolicy,
          config,
          jump,
          connectTimeout,
          keepAlive);
    }
  }

  private SshRequest with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.made();
  }

  /** The login on another machine, straight there: the same, as far as that says nothing else. */
  public SshRequest toNode(SshNode node) {
    return with(
        draft -> {
          draft.hosts = split(node.host() == null ? "" : node.host());
          draft.port = node.port();
          draft.user = node.user() == null ? user : node.user();
          draft.identityFile = node.identityFile() == null ? identityFile : node.identityFile();
          draft.jump = SshConfig.NO_FILE;
          draft.hostKeys = List.of();
        });
  }

  /** The same on this port. */
  public SshRequest withPort(@Nullable Integer other) {
    return with(draft -> draft.port = other);
  }

  /** The same as this user. */
  public SshRequest withUser(@Nullable String other) {
    return with(draft -> draft.user = other);
  }

  /** The same with this private key. */
  public SshRequest withIdentityFile(@Nullable Path other) {
    return with(draft -> draft.identityFile = other);
  }

  /** The same with this private key as text. */
  public SshRequest withIdentityText(@Nullable Secret other) {
    return with(draft -> draft.identityText = other);
  }

  /** The same with this passphrase. */
  public SshRequest withPassphrase(@Nullable Secret other) {
    return with(draft -> draft.passphrase = other);
  }

  /** The same with this {@code <server>} of settings.xml. */
  public SshRequest withServer(@Nullable Server other) {
    return with(draft -> draft.server = other);
  }

  /** The same with exactly this file of host keys. */
  public SshRequest withKnownHosts(@Nullable Path other) {
    return with(draft -> draft.knownHosts = other);
  }

  /** The same with these host keys as text. */
  public SshRequest withKnownHostsText(@Nullable Secret other) {
    return with(draft -> draft.knownHostsText = other);
  }

  /** The same with these pinned host keys. */
  public SshRequest withHostKeys(List<String> others) {
    return with(draft -> draft.hostKeys = others);
  }

  /** The same with this policy. */
  public SshRequest withHostKeyPolicy(@Nullable String other) {
    return with(draft -> draft.hostKeyPolicy = other);
  }

  /** The same with this SSH configuration file, or {@code none}. */
  public SshRequest withConfig(@Nullable String other) {
    return with(draft -> draft.config = other);
  }

  /** The same through these SSH servers, or {@code none}. */
  public SshRequest withJump(@Nullable String other) {
    return with(draft -> draft.jump = other);
  }

  /** The same within this time. */
  public SshRequest withConnectTimeout(@Nullable Duration other) {
    return with(draft -> draft.connectTimeout = other);
  }

  /** The same with signs of life this often. */
  public SshRequest withKeepAlive(@Nullable Duration other) {
    return with(draft -> draft.keepAlive = other);
  }

  /** The words of a comma-separated list, without blanks. */
  public static List<String> split(String list) {
    List<String> words = new ArrayList<>();
    for (String word : list.split(",", -1)) {
      if (!word.isBlank()) {
        words.add(word.strip());
      }
    }
    return words;
  }
}
