package io.github.rpideploy.ssh;

import io.github.rpideploy.DeployException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.auth.AbstractUserAuthFactory;
import org.apache.sshd.client.auth.UserAuth;
import org.apache.sshd.client.auth.UserAuthFactory;
import org.apache.sshd.client.config.hosts.HostConfigEntry;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.client.future.AuthFuture;
import org.apache.sshd.client.future.ConnectFuture;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.signature.Signature;
import org.apache.sshd.core.CoreModuleProperties;
import org.jspecify.annotations.Nullable;

/** From settings to an authenticated session, or to the one failure that says why not. */
final class Handshake {

  /** The agent may ask its user for a confirmation or a touch. */
  private static final Duration AUTHENTICATION = Duration.ofMinutes(1);

  /** docker load on an SD card may stop reading for minutes; MINA's 30 seconds would abort it. */
  private static final Duration PATIENCE = Duration.ofMinutes(30);

  /** Signs of life that may fail to come: with a fourth the connection is given up. */
  private static final int MISSED_SIGNS_OF_LIFE = 3;

  private final SshSettings settings;
  private final SessionWatch watch = new SessionWatch();
  private final AuthenticationLog attempts = new AuthenticationLog();
  private final Identities identities;
  private final HostKeyCheck hostKey;

  Handshake(SshSettings settings) {
    MinaSetup.ensure();
    this.settings = settings;
    this.identities = Identities.load(settings);
    this.hostKey = new HostKeyCheck(settings);
  }

  /** A session that may be used, and what it lives from. */
  record Established(
      SshClient client, ClientSession session, SessionWatch watch, String authentication) {}

  /**
   * @throws DeployException when there is no authenticated session in the end; nothing is left open
   */
  Established run() {
    InetAddress[] addresses = resolve();
    SshClient client = client();
    client.start();
    boolean done = false;
    try {
      ClientSession session = connect(client, addresses);
      exchangeKeys();
      authenticate(session);
      done = true;
      return new Established(client, session, watch, attempts.accepted());
    } catch (InterruptedIOException | InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DeployException(
          "Connecting to " + settings.name() + " was interrupted", "Run it again", e);
    } catch (IOException e) {
      throw ConnectFailures.notConnected(settings, e);
    } finally {
      if (!done) {
        end(client);
      }
    }
  }

  /** Ends the connection and its threads; an interrupt would cut this short and be swallowed. */
  static void end(SshClient client) {
    boolean interrupted = Thread.interrupted();
    client.stop();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private SshClient client() {
    SshClient client = SshClient.setUpDefaultClient();
    client.setHostConfigEntryResolver(HostConfigEntryResolver.EMPTY);
    client.setKeyIdentityProvider(KeyIdentityProvider.EMPTY_KEYS_PROVIDER);
    client.setServerKeyVerifier(hostKey);
    client.setSignatureFactories(knownTypesFirst(client.getSignatureFactories()));
    client.setUserAuthFactories(List.of(keyAuthentication()));
    client.setServiceFactories(ClientServices.with(attempts));
    client.addSessionListener(watch);
    CoreModuleProperties.IO_CONNECT_TIMEOUT.set(client, settings.connectTimeout());
    CoreModuleProperties.IDLE_TIMEOUT.set(client, Duration.ZERO);
    CoreModuleProperties.HEARTBEAT_INTERVAL.set(client, settings.keepAlive());
    CoreModuleProperties.HEARTBEAT_NO_REPLY_MAX.set(client, MISSED_SIGNS_OF_LIFE);
    CoreModuleProperties.NIO2_MIN_WRITE_TIMEOUT.set(
        client, settings.keepAlive().multipliedBy(MISSED_SIGNS_OF_LIFE + 1));
    CoreModuleProperties.WAIT_FOR_SPACE_TIMEOUT.set(client, PATIENCE);
    CoreModuleProperties.REQUEST_EXEC_REPLY.set(client, true);
    CoreModuleProperties.TCP_NODELAY.set(client, true);
    return client;
  }

  /**
   * MINA proposes its favourite types of host keys and does not look at which of them are known.
   * When none is, ed25519 comes first as in OpenSSH, so that both show the same fingerprint.
   * Certificates of hosts are left out: nothing here could check them.
   */
  private List<NamedFactory<Signature>> knownTypesFirst(List<NamedFactory<Signature>> all) {
    return all.stream()
        .filter(factory -> !factory.getName().contains("-cert-"))
        .sorted(
            Comparator.<NamedFactory<Signature>, Boolean>comparing(factory -> !isKnown(factory))
                .thenComparing(factory -> !factory.getName().equals(KeyPairProvider.SSH_ED25519)))
        .toList();
  }

  private boolean isKnown(NamedFactory<Signature> factory) {
    return hostKey.knows(KeyUtils.getCanonicalKeyType(factory.getName()));
  }

  private UserAuthFactory keyAuthentication() {
    return new AbstractUserAuthFactory(KeyAuthentication.NAME) {
      @Override
      public UserAuth createUserAuth(ClientSession session) {
        return new KeyAuthentication(identities, attempts);
      }
    };
  }

  private InetAddress[] resolve() {
    try {
      return InetAddress.getAllByName(settings.host());
    } catch (UnknownHostException first) {
      try {
        // The first question for a .local name often wakes the responder only.
        return InetAddress.getAllByName(settings.host());
      } catch (UnknownHostException second) {
        throw ConnectFailures.unknownHost(settings, second);
      }
    }
  }

  /**
   * A .local name may stand for several addresses of which some lead nowhere: the first that does.
   */
  private ClientSession connect(SshClient client, InetAddress[] addresses) throws IOException {
    Throwable first = null;
    for (InetAddress address : addresses) {
      HostConfigEntry entry =
          new HostConfigEntry("", address.getHostAddress(), settings.port(), settings.user(), null);
      ConnectFuture connecting = client.connect(entry, null, null);
      // A second more, so that it is MINA who ends it and says why.
      connecting.await(settings.connectTimeout().plusSeconds(1));
      if (connecting.isConnected()) {
        return connecting.getSession();
      }
      Throwable failure = connecting.getException();
      first = first == null ? failure : first;
      connecting.cancel();
    }
    throw ConnectFailures.notConnected(settings, first);
  }

  private void exchangeKeys() throws InterruptedException {
    try {
      watch.keyExchange().get(settings.connectTimeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw ConnectFailures.noKeyExchange(
          settings, watch, "no answer within " + settings.connectTimeout().toSeconds() + " s", e);
    } catch (ExecutionException e) {
      throw hostKey
          .refusal()
          .orElseGet(() -> ConnectFailures.noKeyExchange(settings, watch, watch.end(), e));
    }
  }

  private void authenticate(ClientSession session) throws IOException {
    AuthFuture authenticating = session.auth();
    if (!authenticating.await(AUTHENTICATION)) {
      throw attempts.failure(settings, "no answer within " + AUTHENTICATION.toSeconds() + " s");
    }
    if (!authenticating.isSuccess()) {
      throw attempts.failure(settings, reason(authenticating.getException()));
    }
  }

  private String reason(@Nullable Throwable failure) {
    String text = failure == null ? null : failure.getMessage();
    if (text == null || text.startsWith("No more authentication methods")) {
      return AuthenticationLog.REFUSED;
    }
    return text.startsWith("Session is being closed") ? watch.end() : text;
  }
}
