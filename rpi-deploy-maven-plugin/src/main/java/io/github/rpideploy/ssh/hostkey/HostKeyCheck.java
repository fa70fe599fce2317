package io.github.rpideploy.ssh.hostkey;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.Reporter;
import io.github.rpideploy.ssh.hostkey.KnownHosts.Kind;
import io.github.rpideploy.ssh.hostkey.KnownHosts.Line;
import io.github.rpideploy.ssh.key.SshKey;
import io.github.rpideploy.ssh.settings.HostTrust;
import io.github.rpideploy.ssh.settings.SshSettings;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.sshd.client.keyverifier.ServerKeyVerifier;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.jspecify.annotations.Nullable;

/**
 * Accepts the Pi's host key only when it is pinned, or when a known_hosts file has it or the
 * authority that signed its certificate. MINA calls this before it authenticates, and continues
 * only if the key is accepted; it has already checked a certificate's signature, validity and host
 * name.
 */
public final class HostKeyCheck implements ServerKeyVerifier {

  private final HostTrust trust;
  private final Reporter reporter;
  private final HostKeyFailures failures;
  private final List<Line> known;

  /** A key known under the bare name is accepted on any port; a different key is not "changed". */
  private final List<Line> knownElsewhere;

  /**
   * Who may sign certificates of this route. A key that is known for one route is the Pi's; an
   * authority of one route's name says nothing of another's.
   */
  private final List<Line> authorities;

  /** The new key that was accepted: the server shows it again whenever keys are exchanged anew. */
  private volatile @Nullable SshKey accepted;

  private final AtomicReference<@Nullable DeployException> refusal = new AtomicReference<>();

  public HostKeyCheck(SshSettings settings, Reporter reporter) {
    this.trust = settings.trust();
    this.reporter = reporter;
    this.failures = new HostKeyFailures(settings);
    KnownHosts hosts = KnownHosts.of(trust);
    this.known = hosts.about(trust.names());
    this.authorities = lines(hosts.about(trust.names().subList(0, 1)), Kind.AUTHORITY);
    this.knownElsewhere = hosts.about(trust.names().stream().map(HostKeyCheck::bare).toList());
  }

  /**
   * Whether keys of this type can be accepted, so that the server should be asked for one first.
   */
  public boolean knows(String keyType) {
    if (!trust.pinned().isEmpty()) {
      return trust.pinned().stream().anyMatch(pin -> pin.startsWith(keyType + " "));
    }
    List<Line> trusted = lines(known, Kind.TRUSTED);
    return (trusted.isEmpty() ? lines(knownElsewhere, Kind.TRUSTED) : trusted)
        .stream().anyMatch(line -> line.key().type().equals(keyType));
  }

  /** Whether a certificate can be accepted: an authority is known for the host. */
  public boolean knowsAuthority() {
    return trust.pinned().isEmpty() && !authorities.isEmpty();
  }

  /** Why the key was not accepted. */
  public Optional<DeployException> refusal() {
    return Optional.ofNullable(refusal.get());
  }

  @Override
  public boolean verifyServerKey(ClientSession session, SocketAddress address, PublicKey key) {
    return accepts(key);
  }

  /** Whether the Pi may have this key; if not, {@link #refusal} says why. */
  public boolean accepts(PublicKey key) {
    Optional<DeployException> no;
    try {
      no =
          key instanceof OpenSshCertificate certificate
              ? check(certificate)
              : check(SshKey.of(key));
    } catch (DeployException e) {
      no = Optional.of(e);
    }
    no.ifPresent(refusal::set);
    return no.isEmpty();
  }

  private Optional<DeployException> check(OpenSshCertificate certificate) {
    SshKey authority = SshKey.of(certificate.getCaPubKey());
    SshKey certified = SshKey.of(certificate.getCertPubKey());
    for (SshKey key : List.of(authority, certified)) {
      Optional<Line> revoked =
          find(known, Kind.REVOKED, key).or(() -> find(knownElsewhere, Kind.REVOKED, key));
      if (revoked.isPresent()) {
        return Optional.of(failures.revoked(key, revoked.get()));
      }
    }
    return find(authorities, Kind.AUTHORITY, authority).isPresent()
        ? Optional.empty()
        : Optional.of(failures.otherAuthority(authority, authorities));
  }

  private Optional<DeployException> check(SshKey offered) {
    Optional<Line> revoked =
        find(known, Kind.REVOKED, offered).or(() -> find(knownElsewhere, Kind.REVOKED, offered));
    if (revoked.isPresent()) {
      return Optional.of(failures.revoked(offered, revoked.get()));
    }
    if (!trust.pinned().isEmpty()) {
      return isPinned(offered) ? Optional.empty() : Optional.of(failures.notPinned(offered));
    }
    List<Line> trusted = lines(known, Kind.TRUSTED);
    if (find(known, Kind.TRUSTED, offered).isPresent()
        || (trusted.isEmpty() && find(knownElsewhere, Kind.TRUSTED, offered).isPresent())) {
      return Optional.empty();
    }
    if (!trusted.isEmpty()) {
      return Optional.of(failures.changed(offered, trusted));
    }
    SshKey first = accepted;
    if (first != null) {
      return first.equals(offered) ? Optional.empty() : Optional.of(failures.unknown(offered));
    }
    if (trust.acceptNew() && !trust.files().isEmpty()) {
      remember(offered);
      accepted = offered;
      return Optional.empty();
    }
    return Optional.of(failures.unknown(offered));
  }

  private boolean isPinned(SshKey offered) {
    String whole = offered.type() + " " + offered.base64();
    return trust.pinned().stream()
        .anyMatch(pin -> pin.equals(offered.fingerprint()) || (pin + " ").startsWith(whole + " "));
  }

  private void remember(SshKey offered) {
    Path file = trust.files().get(0);
    KnownHostsFile.append(file, KnownHosts.line(trust.names().get(0), offered, trust.hashed()));
    reporter.report(
        new Event.Warning(
            "The host key of %s was not known: %s was added to %s, because new keys are accepted (accept-new)"
                .formatted(failures.address(), offered, file)));
  }

  private static List<Line> lines(List<Line> lines, Kind kind) {
    return lines.stream().filter(line -> line.kind() == kind).toList();
  }

  private static Optional<Line> find(List<Line> lines, Kind kind, SshKey key) {
    return lines.stream().filter(line -> line.kind() == kind && line.key().equals(key)).findFirst();
  }

  /** {@code raspberrypi.local} of {@code [raspberrypi.local]:2222}. */
  private static String bare(String name) {
    return name.startsWith("[") && name.contains("]:")
        ? name.substring(1, name.lastIndexOf("]:"))
        : name;
  }
}
