package io.github.rpideploy.image;

import io.github.rpideploy.DeployException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a machine or an image is built for, in Docker's words: {@code linux/arm64}.
 *
 * <p>Spellings are brought to one form by the rules of containerd's {@code platforms} package:
 * {@code aarch64} is {@code arm64}, {@code x86_64} is {@code amd64}, {@code armhf} is {@code
 * arm/v7}, and the variants that every such machine has ({@code arm64/v8}, {@code amd64/v1}) are
 * dropped.
 *
 * @param os for example {@code linux}
 * @param architecture for example {@code arm64}
 * @param variant for example {@code v7} of {@code arm}, or null when it is not stated
 */
public record Platform(String os, String architecture, @Nullable String variant) {

  private static final Pattern WORD = Pattern.compile("[a-z0-9_.-]{1,32}");
  private static final Pattern VARIANT_NUMBER = Pattern.compile("v[0-9]");

  /**
   * @throws DeployException when a part is empty or holds characters that no platform has
   */
  public Platform {
    String said = os + "/" + architecture + (variant == null ? "" : "/" + variant);
    os = os.toLowerCase(Locale.ROOT);
    architecture = architecture.toLowerCase(Locale.ROOT);
    variant = variant == null || variant.isEmpty() ? null : variant.toLowerCase(Locale.ROOT);
    if (!isWord(os) || !isWord(architecture) || (variant != null && !isWord(variant))) {
      throw unknown(said);
    }
    if (variant != null && VARIANT_NUMBER.matcher("v" + variant).matches()) {
      variant = "v" + variant;
    }
    switch (architecture) {
      case "aarch64" -> architecture = "arm64";
      case "x86_64", "x86-64" -> architecture = "amd64";
      case "i386" -> architecture = "386";
      case "armhf" -> {
        architecture = "arm";
        variant = "v7";
      }
      case "armel" -> {
        architecture = "arm";
        variant = "v6";
      }
      default -> {}
    }
    boolean everyoneHasIt =
        (architecture.equals("arm64") && "v8".equals(variant))
            || (architecture.equals("amd64") && "v1".equals(variant));
    variant = everyoneHasIt ? null : variant;
  }

  /**
   * Reads {@code os/architecture} or {@code os/architecture/variant}.
   *
   * @throws DeployException when it is anything else
   */
  public static Platform parse(String text) {
    String[] parts = text.strip().split("/", -1);
    if (parts.length < 2 || parts.length > 3) {
      throw unknown(text);
    }
    return new Platform(parts[0], parts[1], parts.length == 3 ? parts[2] : null);
  }

  /**
   * Whether a machine of this platform runs an image of that one: the same system and architecture,
   * and no newer variant. A variant that one side does not state (Jib never states one) is taken
   * for fitting. A 64-bit machine is not taken to run 32-bit images.
   */
  public boolean accepts(Platform image) {
    return os.equals(image.os)
        && architecture.equals(image.architecture)
        && acceptsVariant(image.variant);
  }

  private boolean acceptsVariant(@Nullable String other) {
    if (variant == null || other == null || variant.equals(other)) {
      return true;
    }
    return VARIANT_NUMBER.matcher(variant).matches()
        && VARIANT_NUMBER.matcher(other).matches()
        && other.compareTo(variant) <= 0;
  }

  /** {@code linux/arm64}, {@code linux/arm/v7}. */
  @Override
  public String toString() {
    return os + "/" + architecture + (variant == null ? "" : "/" + variant);
  }

  private static boolean isWord(String text) {
    return WORD.matcher(text).matches();
  }

  private static DeployException unknown(String text) {
    return new DeployException(
        "'" + Text.shorten(text) + "' is not a platform",
        "A platform is written os/architecture, for example linux/arm64 or linux/arm/v7.");
  }
}
