package io.github.rpideploy.docker;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * What the layers of a proved release were sent as, recorded on the Pi. One line: for each layer,
 * lowest first, the digest of the blob (64 hexadecimal digits) and its size with one letter for its
 * compression; then a checksum, because a wrong digit would give images that run and cannot be
 * saved.
 *
 * @param layers lowest first; empty where the store does not care
 */
public record SentLayers(List<Sent> layers) {

  /**
   * A layer as it was sent.
   *
   * @param digest 64 hexadecimal digits
   * @param size in bytes
   * @param compression one letter: {@code n} none, {@code g} gzip, {@code z} zstd
   */
  public record Sent(String digest, long size, char compression) {}

  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern SIZE = Pattern.compile("([0-9]{1,15})([ngz])");

  /** Keeps a copy of the list. */
  public SentLayers {
    layers = List.copyOf(layers);
  }

  /** Reads it; empty when it is damaged. */
  static Optional<SentLayers> parse(List<String> words) {
    if (words.size() % 2 == 0) {
      return Optional.empty();
    }
    List<Sent> layers = new ArrayList<>();
    for (int i = 0; i + 1 < words.size(); i += 2) {
      Matcher size = SIZE.matcher(words.get(i + 1));
      if (!DIGEST.matcher(words.get(i)).matches() || !size.matches()) {
        return Optional.empty();
      }
      layers.add(new Sent(words.get(i), Long.parseLong(size.group(1)), size.group(2).charAt(0)));
    }
    SentLayers note = new SentLayers(layers);
    return note.text().equals(String.join(" ", words)) ? Optional.of(note) : Optional.empty();
  }

  /** As it is written. */
  String text() {
    StringBuilder text = new StringBuilder();
    for (Sent layer : layers) {
      text.append(layer.digest()).append(' ');
      text.append(layer.size()).append(layer.compression()).append(' ');
    }
    CRC32 checksum = new CRC32();
    checksum.update(text.toString().getBytes(StandardCharsets.US_ASCII));
    return text.append("crc%08x".formatted(checksum.getValue())).toString();
  }
}
