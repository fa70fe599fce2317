package io.github.rpideploy.ssh.hostkey;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.ssh.key.SshKey;
import io.github.rpideploy.ssh.settings.HostTrust;
import io.github.rpideploy.ssh.settings.SshNames;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The host keys that the user trusts, as sshd(8) describes the format of {@code known_hosts}: plain
 * and hashed names, wildcards, {@code [host]:port}, {@code @revoked}, {@code @cert-authority};
 * several files, and text.
 *
 * <p>MINA's reader is not used: it forgets where a line is, and it matches a wildcard against the
 * bare name where OpenSSH matches it against {@code [host]:port}.
 */
final class KnownHosts {

  private static final Map<String, Kind> MARKERS =
      Map.of("@revoked", Kind.REVOKED, "@cert-authority", Kind.AUTHORITY);

  /** How a list of keys in the binary format of {@code ssh-keygen -k} starts. */
  private static final String KRL_MAGIC = "SSHKRL";

  private final List<Line> lines;

  private KnownHosts(List<Line> lines) {
    this.lines = List.copyOf(lines);
  }

  /** What a line says about its key. */
  enum Kind {
    /** It is a host's own. */
    TRUSTED,
    /** It signs the certificates of hosts. */
    AUTHORITY,
    /** It is never accepted. */
    REVOKED
  }

  /**
   * One key of one host.
   *
   * @param source the file, or the variable with the text
   * @param isFile whether {@code source} is a file
   */
  record Line(String source, boolean isFile, int number, Kind kind, String hosts, SshKey key) {

    /** Where it is: {@code /home/pi/.ssh/known_hosts:12}. */
    String place() {
      return source + ":" + number;
    }
  }

  /**
   * Reads the files that exist; what is not a host key is skipped.
   *
   * @throws DeployException when a file exists and cannot be read
   */
  static KnownHosts read(List<Path> files) {
    List<Line> lines = new ArrayList<>();
    for (Path file : files) {
      if (Files.exists(file)) {
        parse(file.toString(), true, text(file)).forEach(lines::add);
      }
    }
    return new KnownHosts(lines);
  }

  /** The trusted text and files, the text first. */
  static KnownHosts of(HostTrust trust) {
    List<Line> lines = new ArrayList<>();
    trust.text().ifPresent(text -> parse(text.source(), false, text.value()).forEach(lines::add));
    lines.addAll(read(trust.files()).lines);
    for (Path file : trust.revoked()) {
      lines.addAll(revokedIn(file));
    }
    return new KnownHosts(lines);
  }

  /** Keys without a host, one per line; they are revoked for every host. */
  private static List<Line> revokedIn(Path file) {
    String text = text(file);
    if (text.startsWith(KRL_MAGIC)) {
      throw new DeployException(
          "The RevokedHostKeys file is a binary revocation list, which only OpenSSH can read: "
              + file,
          "List the revoked public keys in it as text, one per line");
    }
    List<Line> lines = new ArrayList<>();
    List<String> texts = text.lines().toList();
    for (int i = 0; i < texts.size(); i++) {
      int number = i + 1;
      key(List.of(texts.get(i).strip().split("\\s+", -1)))
          .map(key -> new Line(file.toString(), true, number, Kind.REVOKED, "*", key))
          .ifPresent(lines::add);
    }
    return lines;
  }

  private static String text(Path file) {
    try {
      // Comments may be in any encoding; what matters is ASCII.
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new DeployException(
          "The known_hosts file cannot be read: " + file,
          "Check it with: ls -l " + SshNames.quoted(file),
          e);
    }
  }

  /** The lines for any of these names, in order. */
  List<Line> about(List<String> names) {
    return lines.stream()
        .filter(line -> names.stream().anyMatch(name -> matches(line.hosts(), name)))
        .toList();
  }

  /** The lines for a host, in order. */
  List<Line> about(String host, int port) {
    return about(List.of(SshNames.knownHostsName(host, port)));
  }

  /** The line that makes a key known under a name, hashed as {@code ssh-keygen -H} would. */
  static String line(String name, SshKey key, boolean hashed) {
    return (hashed ? hash(name) : name) + " " + key.type() + " " + key.base64();
  }

  private static List<Line> parse(String source, boolean isFile, String text) {
    List<Line> lines = new ArrayList<>();
    List<String> texts = text.lines().toList();
    for (int i = 0; i < texts.size(); i++) {
      parse(source, isFile, i + 1, texts.get(i)).ifPresent(lines::add);
    }
    return lines;
  }

  private static Optional<Line> parse(String source, boolean isFile, int number, String text) {
    List<String> words = List.of(text.strip().split("\\s+", -1));
    boolean marked = words.get(0).startsWith("@");
    Kind kind = marked ? MARKERS.get(words.get(0)) : Kind.TRUSTED;
    List<String> rest = words.subList(marked ? 1 : 0, words.size());
    if (kind == null || rest.size() < 3 || rest.get(0).startsWith("#")) {
      return Optional.empty();
    }
    return key(rest.subList(1, rest.size()))
        .map(key -> new Line(source, isFile, number, kind, rest.get(0), key));
  }

  private static Optional<SshKey> key(List<String> words) {
    return words.size() < 2 ? Optional.empty() : SshKey.parse(words.get(0), words.get(1));
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
      byte[] digest = hmac(Base64.getDecoder().decode(parts[2]), name);
      return MessageDigest.isEqual(digest, Base64.getDecoder().decode(parts[3]));
    } catch (IllegalArgumentException unreadable) {
      return false;
    }
  }

  private static String hash(String name) {
    byte[] salt = new byte[20];
    new SecureRandom().nextBytes(salt);
    Base64.Encoder base64 = Base64.getEncoder();
    return "|1|" + base64.encodeToString(salt) + "|" + base64.encodeToString(hmac(salt, name));
  }

  private static byte[] hmac(byte[] salt, String name) {
    try {
      Mac mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(salt, mac.getAlgorithm()));
      return mac.doFinal(name.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("no salt", e);
    }
  }
}
