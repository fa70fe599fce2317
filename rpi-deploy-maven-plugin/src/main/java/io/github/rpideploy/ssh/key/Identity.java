package io.github.rpideploy.ssh.key;

import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.List;
import java.util.Optional;
import org.apache.sshd.common.config.keys.OpenSshCertificate;

/**
 * A key to authenticate with.
 *
 * @param source where it comes from, for messages
 * @param keys both of its parts, when we have them
 * @param publicKey the public part, when it is known; the agent may have the private one
 * @param certificates its certificates
 * @param locked the file, when its passphrase must be asked for
 */
record Identity(
    String source,
    Optional<KeyPair> keys,
    Optional<PublicKey> publicKey,
    List<Certificate> certificates,
    Optional<Path> locked) {

  /** A certificate and where it comes from. */
  record Certificate(OpenSshCertificate certificate, String source) {}

  Identity {
    certificates = List.copyOf(certificates);
  }

  static Identity of(KeyPair keys, String source, List<Certificate> certificates) {
    return new Identity(
        source, Optional.of(keys), Optional.of(keys.getPublic()), certificates, Optional.empty());
  }

  /** Whether this is the key with that public part. */
  boolean is(PublicKey other) {
    return publicKey.filter(key -> SshKey.of(key).equals(SshKey.of(other))).isPresent();
  }
}
