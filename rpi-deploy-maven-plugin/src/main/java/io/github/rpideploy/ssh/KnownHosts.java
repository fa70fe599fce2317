package io.github.rpideploy.ssh;

import io.github.rpideploy.DeployException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The host keys that the user trusts, as sshd(8) describes the format of {@code known_hosts}: plain
 * and hashed names, wildcards, {@code [host]:port}, {@code @revoked}; several files.
 *
 * <p>MINA's reader is not used: it forgets where a line stands, and it matches a wildcard against
 * the bare name where OpenSSH matches it against {@code [host]:port}.
 */
final class KnownHosts {

  private static final String REVOKED = "@revoked";
  private static final int SSH_PORT = 22;

  private final List<Line> lines;

  private KnownHosts(List<Line> lines) {
    this.lines = List.copyOf(lines);
  }

  /** One key of one host. */
  record Line(Path file, int number, boolean revoked, String hosts, SshKey key) {

    /** Where it stands: {@code /home/pi/.ssh/known_hosts:12}. */
    String place() {
      return file + ":" + number;
    }
  }

  /**
   * Reads those of the files that exist; what is not a host key is passed over.
   *
   * @throws DeployException when a file exists and cannot be read
   */
  static KnownHosts read(List<Path> files) {
    List<Line> lines = new ArrayList<>();
    for (Path file : files) {
      if (!Files.exists(file)) {
        continue;
      }
      try {
        // Comments may be in any encoding; what matters is ASCII.
        List<String> texts = Files.readAllLines(file, StandardCharsets.ISO_8859_1);
        for (int i = 0; i < texts.size(); i++) {
          parse(file, i + 1, texts.get(i)).ifPresent(lines::add);
        }
      } catch (IOException e) {
        throw new DeployException(
            "The file of known host keys cannot be read: " + file,
            "Check it with: ls -l '" + file + "'",
            e);
      }
    }
    return new KnownHosts(lines);
  }

  /** The lines about a host, in order. */
  List<Line> about(String host, int port) {
    String name = nameOf(host, port);
    return lines.stream().filter(line -> matches(line.hosts(), name)).toList();
  }

  /** How the files name a host: with brackets and port unless the port is 22. */
  static String nameOf(String host, int port) {
    String name = host.toLowerCase(Locale.ROOT);
    return port == SSH_PORT ? name : "[" + name + "]:" + port;
  }

  private static Optional<Line> parse(Path file, int number, String text) {
    List<String> words = List.of(text.strip().split("\\s+", -1));
    boolean marked = words.get(0).startsWith("@");
    boolean revoked = words.get(0).equals(REVOKED);
    if (marked && !revoked) {
      return Optional.empty(); // @cert-authority: certificates of hosts are not supported.
    }
    List<String> rest = words.subList(marked ? 1 : 0, words.size());
    if (rest.size() < 3 || rest.get(0).startsWith("#")) {
      return Optional.empty();
    }
    return SshKey.parse(rest.get(1), rest.get(2))
        .map(key -> new Line(file, number, revoked, rest.get(0), key));
  }

  private static boolean matches(String hosts, String name) {
    if (hosts.startsWith("|")) {
      return matchesHash(hosts, name);
    }
    boolean matched = false;
    for (String pattern : hosts.toLowerCase(Locale.ROOT).split(",", -1)) {
      if (pattern.startsWith("!") && matchesPattern(pattern.substring(1), name)) {
        return false;
      }
      matched |= matchesPattern(pattern, name);
    }
    return matched;
  }

  private static boolean matchesPattern(String pattern, String name) {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      regex.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
    }
    return name.matches(regex.toString());
  }

  /** {@code |1|salt|HMAC-SHA1(salt, name)}, both in Base64. */
  private static boolean matchesHash(String hashed, String name) {
    String[] parts = hashed.split("\\|", -1);
    if (parts.length != 4 || !parts[1].equals("1")) {
      return false;
    }
    try {
      Mac mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(Base64.getDecoder().decode(parts[2]), mac.getAlgorithm()));
      byte[] digest = mac.doFinal(name.getBytes(StandardCharsets.UTF_8));
      return MessageDigest.isEqual(digest, Base64.getDecoder().decode(parts[3]));
    } catch (GeneralSecurityException | IllegalArgumentException unreadable) {
      return false;
    }
  }
}
