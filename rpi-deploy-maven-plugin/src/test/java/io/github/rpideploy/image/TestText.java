package io.github.rpideploy.image;

import java.util.Random;

/** Text that compresses more or less well, always the same for the same seed. */
public final class TestText {

  private TestText() {}

  /** Few words in random order: gzip leaves two fifths of it, zstd less. */
  public static String words(String seed, int size) {
    Random random = new Random(seed.hashCode());
    String[] words = new String[3_000];
    for (int i = 0; i < words.length; i++) {
      words[i] = Long.toString(random.nextLong(), 36);
    }
    StringBuilder text = new StringBuilder();
    while (text.length() < size) {
      text.append(words[random.nextInt(words.length)]).append(' ');
    }
    return text.toString();
  }

  /** Random letters and signs: all compressions leave about the same of it. */
  public static String noise(String seed, int size) {
    Random random = new Random(seed.hashCode() + 1L);
    StringBuilder text = new StringBuilder();
    while (text.length() < size) {
      text.append((char) ('!' + random.nextInt(64)));
    }
    return text.toString();
  }
}
