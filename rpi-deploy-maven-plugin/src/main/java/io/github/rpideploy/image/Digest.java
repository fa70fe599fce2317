package io.github.rpideploy.image;

import io.github.rpideploy.DeployException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A SHA-256 content digest, as the OCI image specification writes it (descriptor.md, "Digests").
 *
 * @param hex 64 lower-case hexadecimal digits
 */
public record Digest(String hex) {

  private static final String PREFIX = "sha256:";
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");
  private static final int SHORT = 12;

  /**
   * @throws IllegalArgumentException when {@code hex} is not 64 lower-case hexadecimal digits
   */
  public Digest {
    if (!HEX.matcher(hex).matches()) {
      throw new IllegalArgumentException("not the hexadecimal form of a SHA-256: " + hex);
    }
  }

  /**
   * Reads {@code sha256:<64 hex>}.
   *
   * @throws DeployException when it is anything else; other algorithms are not supported
   */
  public static Digest parse(String text) {
    return find(text)
        .orElseThrow(
            () ->
                new DeployException(
                    "'" + Text.shorten(text) + "' is not a SHA-256 digest",
                    "A digest is written sha256: and 64 digits 0-9 a-f."));
  }

  /** Reads {@code sha256:<64 hex>}; empty when it is anything else. */
  static Optional<Digest> find(String text) {
    return text.startsWith(PREFIX) ? ofHex(text.substring(PREFIX.length())) : Optional.empty();
  }

  /** Reads 64 lower-case hexadecimal digits; empty when it is anything else. */
  public static Optional<Digest> ofHex(String text) {
    return HEX.matcher(text).matches() ? Optional.of(new Digest(text)) : Optional.empty();
  }

  /** The digest of the given bytes. */
  public static Digest of(byte[] content) {
    return finish(sha256(), content);
  }

  /** A fresh computation; {@link #finish} ends it. */
  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  /** The digest of everything that went into {@code computation}, and then {@code rest}. */
  public static Digest finish(MessageDigest computation, byte... rest) {
    return new Digest(HexFormat.of().formatHex(computation.digest(rest)));
  }

  /** The first 12 digits: what Docker shows and what a release tag holds. */
  public String shortHex() {
    return hex.substring(0, SHORT);
  }

  /** {@code sha256:<64 hex>}. */
  @Override
  public String toString() {
    return PREFIX + hex;
  }
}
