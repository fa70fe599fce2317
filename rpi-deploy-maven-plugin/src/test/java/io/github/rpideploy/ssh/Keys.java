package io.github.rpideploy.ssh;

import io.github.rpideploy.ssh.key.MinaSetup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyEncryptionContext;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.jspecify.annotations.Nullable;

/** Key pairs for tests, and the files that hold them. */
public final class Keys {

  static {
    MinaSetup.ensure();
  }

  private Keys() {}

  public static KeyPair ed25519() {
    return generate("Ed25519", 0);
  }

  static KeyPair ecdsa() {
    return generate("EC", 0);
  }

  static KeyPair rsa() {
    return generate("RSA", 2048);
  }

  /** As {@code ssh-keygen} writes it. */
  static Path openSsh(Path file, KeyPair keys, @Nullable String passphrase) {
    OpenSSHKeyEncryptionContext encryption = null;
    if (passphrase != null) {
      encryption = new OpenSSHKeyEncryptionContext();
      encryption.setCipherName("AES");
      encryption.setCipherType("256");
      encryption.setCipherMode("CTR");
      encryption.setPassword(passphrase);
      encryption.setKdfRounds(1);
    }
    try (var out = Files.newOutputStream(file)) {
      OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(keys, "a test", encryption, out);
      return ownersOnly(file);
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** As {@code openssl genpkey} writes it. */
  static Path pkcs8(Path file, KeyPair keys) {
    return pem(file, "PRIVATE KEY", keys.getPrivate().getEncoded());
  }

  /** As {@code ssh-keygen -m PEM} writes it: PKCS#1 for RSA, SEC 1 for P-256. */
  static Path pem(Path file, KeyPair keys) {
    byte[] pkcs8 = keys.getPrivate().getEncoded();
    if (keys.getPrivate().getAlgorithm().equals("RSA")) {
      // What PKCS#8 wraps; the head is that long for every key of 2048 bits.
      return pem(file, "RSA PRIVATE KEY", Arrays.copyOfRange(pkcs8, 26, pkcs8.length));
    }
    // Of PKCS#8 the last 32 bytes are the secret; of the public key the last 65 are the point.
    byte[] point = keys.getPublic().getEncoded();
    ByteBuffer der = ByteBuffer.allocate(121);
    der.put(HexFormat.of().parseHex("30770201010420"));
    der.put(pkcs8, pkcs8.length - 32, 32);
    der.put(HexFormat.of().parseHex("a00a06082a8648ce3d030107a144034200"));
    der.put(point, point.length - 65, 65);
    return pem(file, "EC PRIVATE KEY", der.array());
  }

  private static Path pem(Path file, String name, byte[] der) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return ownersOnly(
        write(file, "-----BEGIN " + name + "-----\n" + body + "\n-----END " + name + "-----\n"));
  }

  private static Path ownersOnly(Path file) {
    try {
      return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (UnsupportedOperationException windows) {
      return file;
    }
  }

  /** The text of a key file. */
  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static Path write(Path file, String text) {
    try {
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static KeyPair generate(String algorithm, int bits) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      if (algorithm.equals("EC")) {
        generator.initialize(new ECGenParameterSpec("secp256r1"));
      } else if (bits > 0) {
        generator.initialize(bits);
      }
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
