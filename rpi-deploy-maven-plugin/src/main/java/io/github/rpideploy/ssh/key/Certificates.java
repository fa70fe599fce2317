package io.github.rpideploy.ssh.key;

import io.github.rpideploy.ssh.key.Identity.Certificate;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.sshd.common.config.keys.OpenSshCertificate;

/** User certificates: those of {@code CertificateFile}, and the one beside each key file. */
final class Certificates {

  private final List<Certificate> given;
  private final List<String> unusable;

  private Certificates(List<Certificate> given, List<String> unusable) {
    this.given = given;
    this.unusable = unusable;
  }

  /**
   * @param unusable receives what cannot be used, and why
   */
  static Certificates in(List<Path> files, List<String> unusable) {
    List<Certificate> given = new ArrayList<>();
    Certificates certificates = new Certificates(given, unusable);
    files.forEach(file -> certificates.read(file, true).ifPresent(given::add));
    return certificates;
  }

  /** The given certificates for a key. */
  List<Certificate> of(PublicKey key) {
    return given.stream().filter(certificate -> certifies(certificate, key)).toList();
  }

  /** The certificates for a key in a file, with the one beside that file. */
  List<Certificate> of(PublicKey key, Path file) {
    List<Certificate> all = new ArrayList<>(of(key));
    String name = file.toString();
    String stem = name.endsWith(".pub") ? name.substring(0, name.length() - 4) : name;
    read(Path.of(stem + "-cert.pub"), false)
        .filter(certificate -> certifies(certificate, key))
        .ifPresent(all::add);
    return all;
  }

  private Optional<Certificate> read(Path file, boolean expected) {
    Optional<PublicKey> key = PublicKeys.in(file);
    if (key.isPresent() && key.get() instanceof OpenSshCertificate certificate) {
      if (OpenSshCertificate.isValidNow(certificate)) {
        return Optional.of(new Certificate(certificate, file.toString()));
      }
      unusable.add(
          "%s, which is valid from %s until %s"
              .formatted(
                  file,
                  Instant.ofEpochSecond(certificate.getValidAfter()),
                  Instant.ofEpochSecond(certificate.getValidBefore())
                      .truncatedTo(ChronoUnit.SECONDS)));
    } else if (expected) {
      unusable.add(file + " contains no certificate");
    }
    return Optional.empty();
  }

  private static boolean certifies(Certificate certificate, PublicKey key) {
    return SshKey.of(certificate.certificate().getCertPubKey()).equals(SshKey.of(key));
  }
}
