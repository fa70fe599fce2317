package io.github.rpideploy.it.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Texts that nobody else writes, each a secret or a piece of one, and the search for them. */
public final class Marks {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String LETTERS =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ23456789";

  /** What to look for, and the secret that it gives away. */
  private final Map<String, String> secretOf = new LinkedHashMap<>();

  /** A new mark for a secret: letters and digits, which every format and shell leaves as it is. */
  public String make(String secret) {
    StringBuilder text = new StringBuilder("mark");
    RANDOM.ints(24, 0, LETTERS.length()).mapToObj(LETTERS::charAt).forEach(text::append);
    add(text.toString(), secret);
    return text.toString();
  }

  /**
   * Lets each line of a private key be a mark, but for the first: in all keys of its kind it is the
   * same.
   */
  public void addKey(String key, String secret) {
    key.lines()
        .filter(line -> !line.startsWith("-----") && line.length() > 20)
        .skip(1)
        .forEach(line -> secretOf.put(line, secret + ", a line of it"));
  }

  private void add(String mark, String secret) {
    secretOf.put(mark, secret);
    // The same in Base64, wherever it stands in what was encoded.
    for (int before = 0; before < 3; before++) {
      byte[] bytes = ("x".repeat(before) + mark).getBytes(StandardCharsets.US_ASCII);
      String encoded = Base64.getEncoder().withoutPadding().encodeToString(bytes);
      int sure = bytes.length * 8 / 6;
      secretOf.put(encoded.substring((before * 8 + 5) / 6, sure), secret + ", in Base64");
    }
  }

  /** All that can be looked for, a line each. */
  String patterns() {
    return String.join("\n", secretOf.keySet()) + "\n";
  }

  /** Which secret a found pattern gives away. */
  String secretOf(String pattern) {
    return secretOf.getOrDefault(pattern, "?");
  }

  /** The secrets that a text gives away. */
  public List<String> in(String text) {
    TreeSet<String> found = new TreeSet<>();
    secretOf.forEach(
        (pattern, secret) -> {
          if (text.contains(pattern)) {
            found.add(secret);
          }
        });
    return List.copyOf(found);
  }

  /** What files and directories below a directory give away, by their content or their name. */
  public List<String> below(Path directory, Path... except) throws IOException {
    List<String> found = new ArrayList<>();
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.toList()) {
        if (Stream.of(except).anyMatch(path::startsWith)) {
          continue;
        }
        String content =
            Files.isRegularFile(path) ? Files.readString(path, StandardCharsets.ISO_8859_1) : "";
        in(directory.relativize(path) + "\n" + content)
            .forEach(secret -> found.add(path + ": " + secret));
      }
    }
    return found;
  }
}
