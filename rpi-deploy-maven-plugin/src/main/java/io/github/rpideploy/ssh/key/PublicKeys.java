package io.github.rpideploy.ssh.key;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.util.buffer.BufferException;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;

/** Public keys and certificates in the one-line format of OpenSSH's {@code .pub} files. */
final class PublicKeys {

  private static final String OPENSSH = "-----BEGIN OPENSSH PRIVATE KEY-----";
  private static final byte[] OPENSSH_MAGIC =
      "openssh-key-v1\0".getBytes(StandardCharsets.US_ASCII);

  private PublicKeys() {}

  /** The key in a {@code .pub} file; empty when there is none. */
  static Optional<PublicKey> in(Path file) {
    try {
      return Files.isRegularFile(file)
          ? of(Files.readString(file, StandardCharsets.ISO_8859_1))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The key in a {@code .pub} file's text; empty when it is something else. */
  static Optional<PublicKey> of(String text) {
    List<String> words = List.of(text.strip().split("\\s+", 3));
    return words.size() < 2
        ? Optional.empty()
        : SshKey.parse(words.get(0), words.get(1)).flatMap(key -> decode(key.base64()));
  }

  /**
   * The public key that precedes a private key, unencrypted, in OpenSSH's own format
   * (PROTOCOL.key); empty for other formats.
   */
  static Optional<PublicKey> ofPrivate(String text) {
    int start = text.indexOf(OPENSSH);
    int end = text.indexOf("-----END", start + 1);
    if (start < 0 || end < 0) {
      return Optional.empty();
    }
    try {
      byte[] decoded =
          Base64.getMimeDecoder().decode(text.substring(start + OPENSSH.length(), end).strip());
      ByteArrayBuffer buffer = new ByteArrayBuffer(decoded);
      buffer.rpos(OPENSSH_MAGIC.length);
      for (int i = 0; i < 3; i++) {
        buffer.getBytes(); // cipher, key derivation and its options
      }
      buffer.getInt();
      return decode(Base64.getEncoder().encodeToString(buffer.getBytes()));
    } catch (RuntimeException notThatFormat) {
      return Optional.empty();
    }
  }

  private static Optional<PublicKey> decode(String base64) {
    try {
      ByteArrayBuffer buffer = new ByteArrayBuffer(Base64.getDecoder().decode(base64));
      return Optional.ofNullable(buffer.getRawPublicKey());
    } catch (SshException | BufferException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
