package io.github.rpideploy.ssh;

import io.github.rpideploy.ssh.hostkey.HostKeyCheck;
import io.github.rpideploy.ssh.key.AuthenticationLog;
import io.github.rpideploy.ssh.key.KeyAuthentication;
import io.github.rpideploy.ssh.key.KeyOffers;
import io.github.rpideploy.ssh.settings.SshSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.auth.AbstractUserAuthFactory;
import org.apache.sshd.client.auth.UserAuth;
import org.apache.sshd.client.auth.UserAuthFactory;
import org.apache.sshd.client.auth.keyboard.UserAuthKeyboardInteractiveFactory;
import org.apache.sshd.client.auth.password.PasswordIdentityProvider;
import org.apache.sshd.client.auth.password.UserAuthPasswordFactory;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.client.session.ClientSessionImpl;
import org.apache.sshd.client.session.SessionFactory;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.compression.BuiltinCompressions;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.signature.Signature;
import org.apache.sshd.core.CoreModuleProperties;

/** Creates MINA's client for one connection; nothing is left to MINA's defaults by chance. */
final class Clients {

  /** docker load on an SD card may stop reading for minutes; MINA's 30 seconds would abort it. */
  private static final Duration PATIENCE = Duration.ofMinutes(30);

  /** Unanswered requests for a sign of life; with a fourth the connection is given up. */
  private static final int MISSED_SIGNS_OF_LIFE = 3;

  private Clients() {}

  static SshClient make(
      SshSettings settings, HostKeyCheck hostKey, KeyOffers.Source keys, SessionWatch watch) {
    SshClient client = SshClient.setUpDefaultClient();
    client.setHostConfigEntryResolver(HostConfigEntryResolver.EMPTY);
    client.setKeyIdentityProvider(KeyIdentityProvider.EMPTY_KEYS_PROVIDER);
    client.setServerKeyVerifier(hostKey);
    client.setSessionFactory(named(settings, client));
    List<NamedFactory<Signature>> all = client.getSignatureFactories();
    client.setSignatureFactories(knownTypesFirst(settings.algorithms().forHostKeys(all), hostKey));
    client.setUserAuthFactories(authentication(keys, settings.algorithms().forUserKeys(all)));
    settings
        .login()
        .password()
        .ifPresent(
            password ->
                client.setPasswordIdentityProvider(
                    PasswordIdentityProvider.wrapPasswords(password.value())));
    client.setServiceFactories(ClientServices.with(keys.attempts()));
    client.addSessionListener(watch);
    client.setChannelStreamWriterResolver((channel, command) -> new PacedWriter(channel, PATIENCE));
    settings.algorithms().applyTo(client);
    client.setCompressionFactories(List.of(CommandCompression.FACTORY, BuiltinCompressions.none));
    CoreModuleProperties.IDLE_TIMEOUT.set(client, Duration.ZERO);
    CoreModuleProperties.HEARTBEAT_INTERVAL.set(client, settings.keepAlive());
    CoreModuleProperties.HEARTBEAT_NO_REPLY_MAX.set(client, MISSED_SIGNS_OF_LIFE);
    CoreModuleProperties.NIO2_MIN_WRITE_TIMEOUT.set(
        client, settings.keepAlive().multipliedBy(MISSED_SIGNS_OF_LIFE + 1));
    CoreModuleProperties.WAIT_FOR_SPACE_TIMEOUT.set(client, PATIENCE);
    CoreModuleProperties.REQUEST_EXEC_REPLY.set(client, true);
    CoreModuleProperties.TCP_NODELAY.set(client, true);
    CoreModuleProperties.ABORT_ON_INVALID_CERTIFICATE.set(client, true);
    return client;
  }

  private static SessionFactory named(SshSettings settings, SshClient client) {
    String name = settings.trust().names().get(0);
    SocketAddress known =
        InetSocketAddress.createUnresolved(
            name.startsWith("[") ? settings.host() : name, settings.port());
    return new SessionFactory(client) {
      @Override
      protected ClientSessionImpl doCreateSession(IoSession session) throws Exception {
        return new PiSession(client, session, known);
      }
    };
  }

  /**
   * MINA proposes its preferred types of host keys, whichever of them are known. When none is,
   * ed25519 comes first as in OpenSSH, so that both show the same fingerprint. A host certificate
   * is asked for only when an authority is known that could have signed it.
   */
  private static List<NamedFactory<Signature>> knownTypesFirst(
      List<NamedFactory<Signature>> all, HostKeyCheck hostKey) {
    boolean certificates = hostKey.knowsAuthority();
    return all.stream()
        .filter(factory -> certificates || !isCertificate(factory))
        .sorted(
            Comparator.<NamedFactory<Signature>, Boolean>comparing(
                    factory -> !isCertificate(factory))
                .thenComparing(factory -> !isKnown(factory, hostKey))
                .thenComparing(factory -> !factory.getName().equals(KeyPairProvider.SSH_ED25519)))
        .toList();
  }

  private static boolean isCertificate(NamedFactory<Signature> factory) {
    return factory.getName().contains("-cert-");
  }

  private static boolean isKnown(NamedFactory<Signature> factory, HostKeyCheck hostKey) {
    return hostKey.knows(KeyUtils.getCanonicalKeyType(factory.getName()));
  }

  private static List<UserAuthFactory> authentication(
      KeyOffers.Source keys, List<NamedFactory<Signature>> algorithms) {
    List<UserAuthFactory> methods = new ArrayList<>();
    methods.add(
        new AbstractUserAuthFactory(KeyAuthentication.NAME) {
          @Override
          public UserAuth createUserAuth(ClientSession session) {
            return new KeyAuthentication(keys, algorithms);
          }
        });
    keys.login()
        .password()
        .ifPresent(
            password -> {
              String source = password.source();
              methods.add(noted(UserAuthPasswordFactory.INSTANCE, source, keys.attempts()));
              methods.add(
                  noted(UserAuthKeyboardInteractiveFactory.INSTANCE, source, keys.attempts()));
            });
    return methods;
  }

  private static UserAuthFactory noted(
      UserAuthFactory factory, String source, AuthenticationLog attempts) {
    return new AbstractUserAuthFactory(factory.getName()) {
      @Override
      public UserAuth createUserAuth(ClientSession session) throws IOException {
        attempts.offering("the password (" + getName() + ")", source);
        return factory.createUserAuth(session);
      }
    };
  }
}
