package io.github.rpideploy.ssh;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.PlainText;
import io.github.rpideploy.report.Reporter;
import io.github.rpideploy.ssh.hostkey.HostKeyCheck;
import io.github.rpideploy.ssh.key.AuthenticationLog;
import io.github.rpideploy.ssh.key.Identities;
import io.github.rpideploy.ssh.key.KeyOffers;
import io.github.rpideploy.ssh.key.MinaSetup;
import io.github.rpideploy.ssh.settings.SecretPrompt;
import io.github.rpideploy.ssh.settings.SshSettings;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.future.AuthFuture;
import org.apache.sshd.client.session.ClientSession;
import org.jspecify.annotations.Nullable;

/** Turns settings into an authenticated session, or into the one failure that says why not. */
final class Handshake {

  /** The agent may ask its user for a confirmation or a touch, and we for a passphrase. */
  private static final Duration AUTHENTICATION = Duration.ofMinutes(1);

  private final SshSettings settings;
  private final Reporter reporter;
  private final SecretPrompt prompt;
  private final SessionWatch watch = new SessionWatch();
  private final AuthenticationLog attempts = new AuthenticationLog();
  private final Identities identities;
  private final HostKeyCheck hostKey;

  /**
   * @throws DeployException when a key or a known_hosts file cannot be used
   */
  Handshake(SshSettings settings, Reporter reporter, SecretPrompt prompt) {
    MinaSetup.ensure();
    this.settings = settings;
    this.reporter = reporter;
    this.prompt = prompt;
    this.identities = Identities.load(settings.login(), reporter);
    this.hostKey = new HostKeyCheck(settings, reporter);
  }

  /**
   * @throws DeployException when no session was authenticated; nothing is left open then
   */
  AuthenticatedSession run() {
    SshClient client = client();
    client.start();
    Connector connector = new Connector(settings, client, this::jump);
    boolean done = false;
    try {
      ClientSession session = connector.connect();
      exchangeKeys(connector);
      authenticate(session);
      done = true;
      return new AuthenticatedSession(
          session, watch, attempts.accepted(), () -> end(client, connector));
    } catch (InterruptedIOException | InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DeployException(
          "Connecting to " + settings.name() + " was interrupted", "Run it again", e);
    } catch (IOException e) {
      throw ConnectFailures.notConnected(settings, e);
    } finally {
      if (!done) {
        end(client, connector);
      }
    }
  }

  private AuthenticatedSession jump(SshSettings via) {
    return new Handshake(via, reporter, prompt).run();
  }

  /** Ends the connection and its threads; an interrupt would cut this short, so it comes after. */
  private static void end(SshClient client, Connector connector) {
    boolean interrupted = Thread.interrupted();
    client.stop();
    connector.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private SshClient client() {
    KeyOffers.Source keys = new KeyOffers.Source(settings.login(), identities, prompt, attempts);
    return Clients.make(settings, hostKey, keys, watch);
  }

  private void exchangeKeys(Connector connector) throws InterruptedException {
    try {
      watch.keyExchange().get(settings.connectTimeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw ConnectFailures.noKeyExchange(
          settings, watch, "no answer within " + settings.connectTimeout().toSeconds() + " s", e);
    } catch (ExecutionException e) {
      throw hostKey
          .refusal()
          .or(() -> connector.complaint().map(said -> ConnectFailures.noProxy(settings, said, e)))
          .orElseGet(() -> ConnectFailures.noKeyExchange(settings, watch, watch.end(), e));
    }
  }

  private void authenticate(ClientSession session) throws IOException {
    AuthFuture authenticating = session.auth();
    Duration patience =
        prompt == SecretPrompt.NOBODY ? AUTHENTICATION : AUTHENTICATION.multipliedBy(2);
    if (!authenticating.await(patience)) {
      throw attempts.failure(settings, "no answer within " + patience.toSeconds() + " s");
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
    return text.startsWith("Session is being closed") ? watch.end() : PlainText.line(text);
  }
}
