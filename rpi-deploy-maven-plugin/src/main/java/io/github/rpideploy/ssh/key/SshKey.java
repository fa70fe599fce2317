package io.github.rpideploy.ssh.key;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;

/**
 * A public key as written in {@code known_hosts} and {@code authorized_keys} (RFC 4253, 6.6).
 *
 * @param type for example {@code ssh-ed25519}
 * @param base64 the encoded key
 */
public record SshKey(String type, String base64) {

  public static SshKey of(PublicKey key) {
    ByteArrayBuffer encoded = new ByteArrayBuffer();
    encoded.putRawPublicKey(key);
    return new SshKey(
        KeyUtils.getKeyType(key), Base64.getEncoder().encodeToString(encoded.getCompactData()));
  }

  /** A key given as text, if it is one: an encoded key starts with its type. */
  public static Optional<SshKey> parse(String type, String base64) {
    try {
      byte[] key = Base64.getDecoder().decode(base64);
      ByteBuffer start = ByteBuffer.allocate(Integer.BYTES + type.length());
      start.putInt(type.length()).put(type.getBytes(StandardCharsets.ISO_8859_1));
      return startsWith(key, start.array())
          ? Optional.of(new SshKey(type, Base64.getEncoder().encodeToString(key)))
          : Optional.empty();
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }

  private static boolean startsWith(byte[] bytes, byte[] start) {
    return bytes.length > start.length
        && Arrays.equals(bytes, 0, start.length, start, 0, start.length);
  }

  /** As {@code ssh-keygen -l} shows it: {@code SHA256:…}. */
  public String fingerprint() {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(Base64.getDecoder().decode(base64));
      return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(digest);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** The middle part of the names of key files: {@code ed25519} of {@code id_ed25519}. */
  public String shortType() {
    if (type.startsWith("ecdsa-")) {
      return "ecdsa";
    }
    return type.startsWith("ssh-") ? type.substring("ssh-".length()) : type;
  }

  @Override
  public String toString() {
    return type + " " + fingerprint();
  }
}
