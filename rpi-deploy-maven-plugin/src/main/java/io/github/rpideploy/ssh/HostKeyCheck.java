package io.github.rpideploy.ssh;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.ssh.KnownHosts.Line;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.apache.sshd.client.keyverifier.ServerKeyVerifier;
import org.apache.sshd.client.session.ClientSession;
import org.jspecify.annotations.Nullable;

/**
 * Accepts the Pi's host key only when a known_hosts file holds it. MINA calls this before anything
 * is authenticated, and goes on only when it says yes.
 */
final class HostKeyCheck implements ServerKeyVerifier {

  private static final String NOTHING_SENT = "Nothing was authenticated or sent";

  private final SshSettings settings;
  private final List<Line> known;
  private final AtomicReference<@Nullable DeployException> refusal = new AtomicReference<>();

  HostKeyCheck(SshSettings settings) {
    this.settings = settings;
    this.known = KnownHosts.read(settings.knownHosts()).about(settings.host(), settings.port());
  }

  /** Whether keys of this type can be accepted; the server should be asked for such a one first. */
  boolean knows(String keyType) {
    return known.stream().anyMatch(line -> !line.revoked() && line.key().type().equals(keyType));
  }

  /** Why the key was not accepted. */
  Optional<DeployException> refusal() {
    return Optional.ofNullable(refusal.get());
  }

  @Override
  public boolean verifyServerKey(ClientSession session, SocketAddress address, PublicKey key) {
    Optional<DeployException> no = check(SshKey.of(key));
    no.ifPresent(refusal::set);
    return no.isEmpty();
  }

  private Optional<DeployException> check(SshKey offered) {
    Optional<Line> revoked =
        known.stream().filter(line -> line.revoked() && line.key().equals(offered)).findFirst();
    if (revoked.isPresent()) {
      return Optional.of(revoked(offered, revoked.get()));
    }
    List<Line> trusted = known.stream().filter(line -> !line.revoked()).toList();
    if (trusted.stream().anyMatch(line -> line.key().equals(offered))) {
      return Optional.empty();
    }
    return Optional.of(trusted.isEmpty() ? unknown(offered) : changed(offered, trusted));
  }

  private DeployException unknown(SshKey offered) {
    String files =
        settings.knownHosts().stream().map(Path::toString).collect(Collectors.joining(", "));
    return new DeployException(
        """
        The host key of %s is not known: it offers %s, and no line of %s is about this host
        %s"""
            .formatted(
                settings.address(),
                offered,
                files.isEmpty() ? "any known_hosts file" : files,
                NOTHING_SENT),
        """
        On the Pi, see which key is the right one: ssh-keygen -lf /etc/ssh/ssh_host_%s_key.pub
        Only when it shows the same fingerprint: %s"""
            .formatted(offered.shortType(), addCommand(offered)));
  }

  private DeployException changed(SshKey offered, List<Line> trusted) {
    // A server that is asked for the types we know and offers another one is as suspicious.
    String expected =
        trusted.stream()
            .map(line -> line.key() + " (" + line.place() + ")")
            .collect(Collectors.joining(", "));
    String forget =
        trusted.stream()
            .map(Line::file)
            .distinct()
            .map(this::removeCommand)
            .collect(Collectors.joining(" && "));
    return new DeployException(
        """
        The host key of %s has changed: it offers %s, expected was %s
        Either the Pi was set up anew or somebody sits in between. %s"""
            .formatted(settings.address(), offered, expected, NOTHING_SENT),
        """
        On the Pi, see which key is the right one: ssh-keygen -lf /etc/ssh/ssh_host_%s_key.pub
        Only when it shows the fingerprint that is offered: %s && %s"""
            .formatted(offered.shortType(), forget, addCommand(offered)));
  }

  private DeployException revoked(SshKey offered, Line line) {
    return new DeployException(
        """
        The host key of %s is revoked: it offers %s, which %s marks as @revoked
        %s"""
            .formatted(settings.address(), offered, line.place(), NOTHING_SENT),
        "Find out why the key was revoked, give the Pi a new one (sudo ssh-keygen -A after removing"
            + " the old files in /etc/ssh), then add that one: "
            + addCommand(offered));
  }

  private String addCommand(SshKey offered) {
    Path file =
        settings.knownHosts().isEmpty() ? Path.of("known_hosts") : settings.knownHosts().get(0);
    return "ssh-keyscan -t %s -p %d %s >> '%s'"
        .formatted(offered.shortType(), settings.port(), settings.host(), file);
  }

  private String removeCommand(Path file) {
    return "ssh-keygen -R '%s' -f '%s'"
        .formatted(KnownHosts.nameOf(settings.host(), settings.port()), file);
  }
}
