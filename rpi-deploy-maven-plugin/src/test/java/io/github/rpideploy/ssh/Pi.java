package io.github.rpideploy.ssh;

import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.ssh.key.SshKey;
import io.github.rpideploy.ssh.settings.SshRequest;
import io.github.rpideploy.ssh.settings.SshSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.server.channel.ChannelSessionFactory;
import org.apache.sshd.server.forward.AcceptAllForwardingFilter;
import org.apache.sshd.server.forward.RejectAllForwardingFilter;

/** A "Pi" in this JVM: a real SSH server whose commands are real local processes. */
public final class Pi implements AutoCloseable {

  private static final KeyPair HOST_KEY = Keys.ed25519();
  private static final KeyPair USER_KEY = Keys.ed25519();

  private final SshServer server = SshServer.setUpDefaultServer();
  private final List<PublicKey> authorized = new CopyOnWriteArrayList<>();
  private final List<PublicKey> offered = new CopyOnWriteArrayList<>();
  private final List<Event> events = new CopyOnWriteArrayList<>();
  private final List<ShellCommand> commands = new CopyOnWriteArrayList<>();
  private List<KeyPair> hostKeys = List.of(HOST_KEY);
  private List<String> loginShell = List.of("sh");
  private volatile boolean visited;

  private Pi() {
    server.setHost("127.0.0.1");
    server.addSessionListener(
        new SessionListener() {
          @Override
          public void sessionCreated(Session session) {
            visited = true;
          }
        });
    authorized.add(USER_KEY.getPublic());
    server.setUserAuthFactories(List.of(UserAuthPublicKeyFactory.INSTANCE));
    server.setPublickeyAuthenticator(
        (user, key, session) -> {
          offered.add(key);
          return authorized.stream().anyMatch(known -> KeyUtils.compareKeys(known, key));
        });
    server.setCommandFactory(
        (channel, line) -> {
          ShellCommand command = new ShellCommand(loginShell, line);
          commands.add(command);
          return command;
        });
    server.setForwardingFilter(AcceptAllForwardingFilter.INSTANCE);
    server.setChannelFactories(List.of(ChannelSessionFactory.INSTANCE, Forwarding.FACTORY));
  }

  /** A server with one ed25519 host key, one authorized ed25519 user key and {@code sh}. */
  public static Pi prepared() {
    Keys.ed25519(); // MINA learns of Ed25519 before its first use.
    return new Pi();
  }

  /** {@link #prepared()} and started. */
  public static Pi running() {
    return prepared().start();
  }

  /** The same server for a host in memory: no command of it reaches a shell. */
  public static Pi of(RemoteHost host) {
    Pi pi = prepared();
    pi.server.setCommandFactory((channel, line) -> new HostCommand(host, line));
    return pi.start();
  }

  Pi hostKeys(KeyPair... keys) {
    hostKeys = List.of(keys);
    return this;
  }

  /** Exactly these user keys are accepted. */
  Pi authorized(KeyPair... keys) {
    authorized.clear();
    Stream.of(keys).map(KeyPair::getPublic).forEach(authorized::add);
    return this;
  }

  Pi loginShell(String... argv) {
    loginShell = List.of(argv);
    return this;
  }

  public Pi withoutForwarding() {
    server.setForwardingFilter(RejectAllForwardingFilter.INSTANCE);
    return this;
  }

  SshServer server() {
    return server;
  }

  Pi start() {
    server.setKeyPairProvider(KeyPairProvider.wrap(hostKeys));
    try {
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  int port() {
    return server.getPort();
  }

  /** The user keys that anybody has tried, in order and without repetitions. */
  List<SshKey> offered() {
    return offered.stream().map(SshKey::of).distinct().toList();
  }

  List<Event> events() {
    return events;
  }

  /** Lines for known_hosts about the given host keys. */
  String knownHosts(KeyPair... keys) {
    return Stream.of(keys)
        .map(KeyPair::getPublic)
        .map(SshKey::of)
        .map(key -> "[127.0.0.1]:" + port() + " " + key.type() + " " + key.base64() + "\n")
        .collect(Collectors.joining());
  }

  /** Settings with which a connection succeeds, with files in {@code home}. */
  SshSettings settings(Path home) {
    Path known =
        Keys.write(home.resolve("known_hosts"), knownHosts(hostKeys.toArray(KeyPair[]::new)));
    Path identity = Keys.openSsh(home.resolve("id_test"), USER_KEY, null);
    return SshSettings.of("127.0.0.1", port(), "pi")
        .withIdentityFiles(List.of(identity))
        .withKnownHosts(List.of(known))
        .withTimeouts(Duration.ofSeconds(10), Duration.ofSeconds(15));
  }

  /** The same as options for Maven. */
  public List<String> mavenOptions(Path home) {
    settings(home);
    return List.of(
        "-Drpi.host=127.0.0.1",
        "-Drpi.port=" + port(),
        "-Drpi.user=pi",
        "-Drpi.identityFile=" + home.resolve("id_test"),
        "-Drpi.knownHosts=" + home.resolve("known_hosts"),
        "-Drpi.sshConfig=none");
  }

  /** The same as a build asks for it. */
  public SshRequest request(Path home) {
    settings(home);
    return SshRequest.to("127.0.0.1")
        .withPort(port())
        .withUser("pi")
        .withIdentityFile(home.resolve("id_test"))
        .withKnownHosts(home.resolve("known_hosts"))
        .withConfig("none");
  }

  public SshConnection connect(Path home) {
    return connect(settings(home));
  }

  SshConnection connect(SshSettings settings) {
    return SshConnection.open(settings, events::add);
  }

  /** Whether anybody has ever been connected. */
  public boolean wasVisited() {
    return visited;
  }

  /** Waits until somebody has been connected, and nobody is any more. */
  public void awaitNobody() {
    while (!visited || !server.getActiveSessions().isEmpty()) {
      Thread.onSpinWait();
    }
  }

  /** Cuts every connection as a pulled cable would be noticed: without a word. */
  public void cut() {
    new ArrayList<>(server.getActiveSessions()).forEach(session -> session.close(true));
  }

  @Override
  public void close() {
    try {
      CoreModuleProperties.STOP_WAIT_TIME.set(server, Duration.ofSeconds(2));
      server.stop(true);
      commands.forEach(ShellCommand::end);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
