package io.github.rpideploy.maven;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.ssh.settings.SshRequest;
import java.nio.file.Path;
import java.util.List;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.project.MavenProject;
import org.jspecify.annotations.Nullable;

/** The parameters of the way to the Pi; their Javadoc is the manual. */
abstract class SshParameters {

  /** The module that is being deployed. */
  @Parameter(defaultValue = "${project}", readonly = true, required = true)
  MavenProject project;

  /**
   * The Raspberry Pi: what {@code ssh} understands, so a host name, an address, or a {@code Host}
   * of {@code ~/.ssh/config}; for example {@code raspberrypi.local}. Several names, separated by
   * commas, are several routes to the same Pi: the first that answers is taken, and a host key that
   * is known for one is good on all. Required.
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.host")
  @Nullable String host;

  /**
   * The port of its SSH server. By default what {@code ~/.ssh/config} says ({@code Port}), or 22.
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.port")
  @Nullable Integer port;

  /**
   * The user to log in as; a member of the group {@code docker} there. By default the {@code
   * <username>} of the settings.xml server, what {@code ~/.ssh/config} says ({@code User}), or
   * {@code pi}.
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.user")
  @Nullable String user;

  /**
   * The id of the {@code <server>} in settings.xml with {@code <username>}, {@code <privateKey>},
   * {@code <passphrase>} and {@code <password>}; encrypted values are decrypted, and a password has
   * to be encrypted. By default the one whose id is the host.
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.server")
  @Nullable String server;

  /**
   * The private key to log in with, tried first. By default the {@code <privateKey>} of the
   * settings.xml server and what {@code ~/.ssh/config} says ({@code IdentityFile}), then the keys
   * of the ssh-agent, then {@code ~/.ssh/id_ed25519}, {@code id_ecdsa} and {@code id_rsa}. A
   * certificate beside it ({@code -cert.pub}) is used with it. Encrypted keys are opened by the
   * agent, by the environment variable {@code RPI_SSH_KEY_PASSPHRASE}, by the {@code <passphrase>}
   * of the settings.xml server, or by what is entered at the terminal. A leading {@code ~/} is the
   * home directory; a relative path starts at the reactor's root.
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.identityFile")
  @Nullable String identityFile;

  /**
   * The name of an environment variable that holds the text of a private key, tried before all
   * others: for CI, where no key file should be written.
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.identityVariable", defaultValue = "RPI_SSH_KEY")
  String identityVariable;

  /**
   * The file with the host keys that are trusted, as OpenSSH keeps it; by default what {@code
   * ~/.ssh/config} says ({@code UserKnownHostsFile}, {@code GlobalKnownHostsFile}), or {@code
   * ~/.ssh/known_hosts} and {@code /etc/ssh/ssh_known_hosts}. Lines in the environment variable
   * {@code RPI_KNOWN_HOSTS} count as well. A host that is not known is refused. A leading {@code
   * ~/} is the home directory; a relative path starts at the reactor's root.
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.knownHosts")
  @Nullable String knownHosts;

  /**
   * The one host key that the Pi has to have, instead of those in files: its fingerprint as {@code
   * ssh-keygen -l} shows it ({@code SHA256:…}), or the public key itself; several separated by
   * commas.
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.hostKey")
  @Nullable String hostKey;

  /**
   * What to do with a Pi of which no host key is known: {@code strict} refuses it, {@code
   * accept-new} accepts it and adds its key to the file of known hosts. A key that has changed is
   * always refused. By default {@code strict}, unless {@code ~/.ssh/config} says {@code
   * StrictHostKeyChecking accept-new}.
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.hostKeyPolicy")
  @Nullable String hostKeyPolicy;

  /**
   * The SSH configuration file to read instead of OpenSSH's own, or {@code none}. A leading {@code
   * ~/} is the home directory; a relative path starts at the reactor's root.
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.sshConfig")
  @Nullable String sshConfig;

  /**
   * SSH servers to go through, as {@code ssh -J} takes them: {@code me@gate.example.org:2222},
   * several separated by commas. By default what {@code ~/.ssh/config} says ({@code ProxyJump},
   * {@code ProxyCommand}); {@code none} goes directly.
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.proxyJump")
  @Nullable String proxyJump;

  /**
   * How long it may take until the Pi has answered with a host key that is accepted, over all its
   * routes and addresses: {@code 20s}, {@code 1m}, or a number of seconds. By default what {@code
   * ~/.ssh/config} says ({@code ConnectTimeout}), or 20 seconds.
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.connectTimeout")
  @Nullable String connectTimeout;

  /**
   * How to reach the Pi.
   *
   * @throws DeployException when {@code host} is missing
   */
  SshRequest ssh(MavenProject root, Servers servers) {
    if (host == null || host.isBlank()) {
      throw new DeployException(
          "No Raspberry Pi is named: parameter host of " + project.getArtifactId() + " is missing",
          "Add <properties><rpi.host>raspberrypi.local</rpi.host></properties> to the parent POM, or"
              + " call Maven with -Drpi.host=raspberrypi.local");
    }
    SshRequest said = SshRequest.to(host);
    return said.withPort(port)
        .withUser(user)
        .withServer(servers.of(server, said.hosts()))
        .withIdentityFile(identityFile == null ? null : path(identityFile, root))
        .withIdentityText(SshRequest.secret(System.getenv(), identityVariable).orElse(null))
        .withKnownHosts(knownHosts == null ? null : path(knownHosts, root))
        .withHostKeys(hostKey == null ? List.of() : SshRequest.split(hostKey))
        .withHostKeyPolicy(hostKeyPolicy)
        .withConfig(
            sshConfig == null || sshConfig.equals("none")
                ? sshConfig
                : path(sshConfig, root).toString())
        .withJump(proxyJump)
        .withConnectTimeout(
            connectTimeout == null
                ? null
                : DurationParameter.parse("connectTimeout", connectTimeout));
  }

  /** As a shell would: {@code ~/} is the home directory, the rest starts at the reactor's root. */
  static Path path(String text, MavenProject root) {
    return text.startsWith("~/")
        ? Path.of(System.getProperty("user.home"), text.substring(2))
        : Reactor.directory(root).resolve(text);
  }
}
