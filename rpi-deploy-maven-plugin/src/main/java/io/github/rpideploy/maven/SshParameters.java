package io.github.rpideploy.maven;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.maven.parameters.DurationParameter;
import io.github.rpideploy.maven.parameters.PathParameter;
import io.github.rpideploy.maven.parameters.Servers;
import io.github.rpideploy.maven.parameters.TargetParameters;
import io.github.rpideploy.ssh.settings.SshRequest;
import java.nio.file.Path;
import java.util.List;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.project.MavenProject;
import org.jspecify.annotations.Nullable;

/** The parameters that say how to reach the Pi; their Javadoc is the manual. */
abstract class SshParameters {

  /** The module that is being deployed. */
  @Parameter(defaultValue = "${project}", readonly = true, required = true)
  MavenProject project;

  /**
   * The Raspberry Pi, as {@code ssh} takes it: a host name, an address, or a {@code Host} of {@code
   * ~/.ssh/config}. Several names, separated by commas, are several routes to the same Pi: the
   * first that answers is used, and a host key that is known for one of them is good for all.
   *
   * <ul>
   *   <li>Value: a name or address, or several with commas
   *   <li>Default: none; required
   *   <li>Example: {@code -Drpi.host=raspberrypi.local}, or {@code
   *       -Drpi.host=raspberrypi.local,pi.tailnet.example}
   * </ul>
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.host")
  @Nullable String host;

  /**
   * The port of the Pi's SSH server.
   *
   * <ul>
   *   <li>Value: a TCP port
   *   <li>Default: {@code Port} of {@code ~/.ssh/config}, else 22
   *   <li>Example: {@code -Drpi.port=2222}
   * </ul>
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.port")
  @Nullable Integer port;

  /**
   * The user to log in as. On the Pi this user must be in the group {@code docker}, or {@code sudo}
   * must be set.
   *
   * <ul>
   *   <li>Value: a user name
   *   <li>Default: the {@code <username>} of the settings.xml server, else {@code User} of {@code
   *       ~/.ssh/config}, else {@code pi}
   *   <li>Example: {@code -Drpi.user=deploy}
   * </ul>
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.user")
  @Nullable String user;

  /**
   * The id of the {@code <server>} in settings.xml that has the login: {@code <username>}, {@code
   * <privateKey>}, {@code <passphrase>} and {@code <password>}. Encrypted values are decrypted. A
   * password that is not encrypted is refused.
   *
   * <ul>
   *   <li>Value: the id of a {@code <server>}
   *   <li>Default: the server whose id is the host, if there is one
   *   <li>Example: {@code -Drpi.server=my-pi}
   * </ul>
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.server")
  @Nullable String server;

  /**
   * The private key to log in with. It is tried before all other keys except the one of {@code
   * identityVariable}. A certificate beside it ({@code -cert.pub}) is used with it. An encrypted
   * key is opened by the ssh-agent, the environment variable {@code RPI_SSH_KEY_PASSPHRASE}, the
   * {@code <passphrase>} of the settings.xml server, or a prompt in the terminal.
   *
   * <ul>
   *   <li>Value: a file; {@code ~/} is your home directory, and a relative path starts at the
   *       reactor's root
   *   <li>Default: the {@code <privateKey>} of the settings.xml server and {@code IdentityFile} of
   *       {@code ~/.ssh/config}, then the keys of the ssh-agent, then {@code ~/.ssh/id_ed25519},
   *       {@code id_ecdsa} and {@code id_rsa}
   *   <li>Example: {@code -Drpi.identityFile=~/.ssh/id_pi}
   * </ul>
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.identityFile")
  @Nullable String identityFile;

  /**
   * The name of an environment variable that holds the text of a private key. That key is tried
   * before all others. It is meant for CI, where no key file should be written.
   *
   * <ul>
   *   <li>Value: the name of an environment variable
   *   <li>Example: {@code -Drpi.identityVariable=PI_KEY}
   * </ul>
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.identityVariable", defaultValue = "RPI_SSH_KEY")
  String identityVariable;

  /**
   * The file with the trusted host keys, in OpenSSH's format. An unknown host is refused. Lines in
   * the environment variable {@code RPI_KNOWN_HOSTS} count as well.
   *
   * <ul>
   *   <li>Value: a file; {@code ~/} is your home directory, and a relative path starts at the
   *       reactor's root
   *   <li>Default: {@code UserKnownHostsFile} and {@code GlobalKnownHostsFile} of {@code
   *       ~/.ssh/config}, else {@code ~/.ssh/known_hosts} and {@code /etc/ssh/ssh_known_hosts}
   *   <li>Example: {@code -Drpi.knownHosts=ci/known_hosts}
   * </ul>
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.knownHosts")
  @Nullable String knownHosts;

  /**
   * The host key that the Pi must have. It replaces the known hosts files.
   *
   * <ul>
   *   <li>Value: a fingerprint as {@code ssh-keygen -l} prints it ({@code SHA256:…}), or a public
   *       key; several with commas
   *   <li>Default: none: the known hosts files count
   *   <li>Example: {@code -Drpi.hostKey=SHA256:uNiVztksCsDhcc0u9e8BgrJXVGDvUoVhXTZmSEhuQMU}
   * </ul>
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.hostKey")
  @Nullable String hostKey;

  /**
   * What happens with a Pi whose host key is unknown: {@code strict} refuses it, {@code accept-new}
   * accepts its key and adds it to the known hosts file. A key that has changed is always refused.
   *
   * <ul>
   *   <li>Value: {@code strict} or {@code accept-new}
   *   <li>Default: {@code strict}, unless {@code ~/.ssh/config} has {@code StrictHostKeyChecking
   *       accept-new}
   *   <li>Example: {@code -Drpi.hostKeyPolicy=accept-new}
   * </ul>
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.hostKeyPolicy")
  @Nullable String hostKeyPolicy;

  /**
   * The SSH configuration file to read.
   *
   * <ul>
   *   <li>Value: a file, or {@code none}; {@code ~/} is your home directory, and a relative path
   *       starts at the reactor's root
   *   <li>Default: OpenSSH's own: {@code ~/.ssh/config} and {@code /etc/ssh/ssh_config}
   *   <li>Example: {@code -Drpi.sshConfig=none}
   * </ul>
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.sshConfig")
  @Nullable String sshConfig;

  /**
   * The SSH servers to go through, as {@code ssh -J} takes them. {@code none} connects directly,
   * whatever {@code ~/.ssh/config} says.
   *
   * <ul>
   *   <li>Value: {@code user@host:port}, several with commas, or {@code none}
   *   <li>Default: {@code ProxyJump} or {@code ProxyCommand} of {@code ~/.ssh/config}, else none
   *   <li>Example: {@code -Drpi.proxyJump=me@gate.example.org:2222}
   * </ul>
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.proxyJump")
  @Nullable String proxyJump;

  /**
   * How long connecting may take until the Pi has shown a host key that is accepted, over all its
   * routes and addresses.
   *
   * <ul>
   *   <li>Value: a duration: {@code 20s}, {@code 1m}, or a number of seconds
   *   <li>Default: {@code ConnectTimeout} of {@code ~/.ssh/config}, else 20 seconds
   *   <li>Example: {@code -Drpi.connectTimeout=1m}
   * </ul>
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
    return ssh(root, servers, new TargetParameters());
  }

  /** The same for one of several Pis. */
  SshRequest ssh(MavenProject root, Servers servers, TargetParameters at) {
    String to = at.host() == null ? host : at.host();
    if (to == null || to.isBlank()) {
      throw new DeployException(
          "No Raspberry Pi is named: parameter host of " + project.getArtifactId() + " is missing",
          "Add <properties><rpi.host>raspberrypi.local</rpi.host></properties> to the parent POM,"
              + " or run Maven with -Drpi.host=raspberrypi.local");
    }
    String within = given(connectTimeout);
    String keys = at.hostKey() == null ? hostKey : at.hostKey();
    SshRequest request = SshRequest.to(to);
    return request
        .withPort(at.port() == null ? port : at.port())
        .withUser(at.user() == null ? given(user) : at.user())
        .withServer(servers.of(given(server), request.hosts()))
        .withIdentityFile(file("identityFile", identityFile, root))
        .withIdentityText(SshRequest.secret(System.getenv(), identityVariable).orElse(null))
        .withKnownHosts(file("knownHosts", knownHosts, root))
        .withHostKeys(keys == null ? List.of() : SshRequest.split(keys))
        .withHostKeyPolicy(given(hostKeyPolicy))
        .withConfig("none".equals(sshConfig) ? sshConfig : text(file("sshConfig", sshConfig, root)))
        .withJump(given(proxyJump))
        .withConnectTimeout(
            within == null ? null : DurationParameter.parse("connectTimeout", within));
  }

  /** An empty value is none: CI makes {@code -Drpi.user=} of a variable that is not set. */
  private static @Nullable String given(@Nullable String value) {
    return value == null || value.isBlank() ? null : value;
  }

  private static @Nullable String text(@Nullable Path file) {
    return file == null ? null : file.toString();
  }

  /**
   * Expands {@code ~/} as a shell would; a relative path starts at the reactor's root.
   *
   * @return null when none is given
   */
  static @Nullable Path file(String parameter, @Nullable String value, MavenProject root) {
    return PathParameter.parse("Parameter " + parameter, value, Reactor.directory(root));
  }
}
