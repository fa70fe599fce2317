package io.github.rpideploy.deploy.verify;

import io.github.rpideploy.DeployException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Removes the secrets of a container's environment from what it logs. The name of a variable tells
 * whether its value is a secret; a password in a URL always is. Each secret is replaced by the name
 * of its variable: {@code [DATABASE_PASSWORD]}.
 */
public final class Redaction {

  private static final Pattern SECRET =
      Pattern.compile("PASS|PWD|SECRET|TOKEN|KEY|CREDENTIAL|SALT|(?:^|_)(?:PIN|AUTH)(?:$|_)");

  /** {@code //user:PASSWORD@host}, {@code ?password=PASSWORD&…}. */
  private static final Pattern WITHIN =
      Pattern.compile(
          "//[^/@\\s:]*:([^/@\\s]+)@|(?:password|passwd|pwd|token|secret)=([^&;\\s]+)",
          Pattern.CASE_INSENSITIVE);

  /** Too common to redact: a log without these values would be unreadable. */
  /** Each is looked for in each line. No command can be started with an environment of so many. */
  private static final int MOST_SECRETS = 2000;

  private static final Pattern HARMLESS = Pattern.compile(".{0,3}|true|false|[0-9]{1,5}");

  /** What replaces each secret. Bytes as characters: a log may have any encoding. */
  private final Map<String, String> placeholders = new LinkedHashMap<>();

  private Redaction() {}

  /**
   * Finds what is secret in an environment.
   *
   * @param environment {@code NAME=value}, as the Engine has it
   */
  public static Redaction of(List<String> environment) {
    Map<String, String> found = new LinkedHashMap<>();
    for (String variable : environment) {
      int equals = variable.indexOf('=');
      if (equals > 0) {
        find(variable.substring(0, equals), variable.substring(equals + 1), found);
      }
    }
    if (found.size() > MOST_SECRETS) {
      throw new DeployException(
          "A container has more than " + MOST_SECRETS + " secrets, so its log is not read",
          "See on the Pi where they come from: docker container inspect");
    }
    Redaction redaction = new Redaction();
    // One secret may contain another: the longer one goes first.
    found.keySet().stream()
        .sorted(Comparator.comparingInt(String::length).reversed())
        .forEach(
            secret ->
                redaction.placeholders.put(
                    asBytes(secret), asBytes("[" + found.get(secret) + "]")));
    return redaction;
  }

  private static void find(String name, String value, Map<String, String> found) {
    if (SECRET.matcher(name.toUpperCase(Locale.ROOT)).find()) {
      // A log is written line by line, and each line of a key is a secret.
      value.lines().forEach(line -> add(name, line.strip(), found));
    }
    Matcher within = WITHIN.matcher(value);
    while (within.find()) {
      add(name, within.group(1) == null ? within.group(2) : within.group(1), found);
    }
  }

  private static void add(String name, String secret, Map<String, String> found) {
    if (!HARMLESS.matcher(secret).matches()) {
      found.putIfAbsent(secret, name);
    }
  }

  private static String asBytes(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  /** The text without the secrets. */
  String without(String text) {
    String redacted = replaced(asBytes(text));
    return new String(redacted.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  private String replaced(String bytes) {
    String text = bytes;
    for (Map.Entry<String, String> placeholder : placeholders.entrySet()) {
      text = text.replace(placeholder.getKey(), placeholder.getValue());
    }
    return text;
  }

  /** A stream that passes on to another one what it gets, without the secrets. */
  public Redacted before(OutputStream out) {
    return new Redacted(out);
  }

  /** Passes on what is written line by line. */
  public final class Redacted extends OutputStream {

    /** A longer line is redacted in pieces. */
    private static final int LINE_LIMIT = 1 << 20;

    private final OutputStream out;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    private Redacted(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
      line.write(b);
      if (b == '\n' || line.size() >= LINE_LIMIT) {
        writeLine(b == '\n' ? 0 : longest() - 1);
      }
    }

    /** Keeps the last bytes, which may be the start of a secret, until more comes. */
    private void writeLine(int kept) throws IOException {
      String text = replaced(line.toString(StandardCharsets.ISO_8859_1));
      int end = Math.max(0, text.length() - Math.max(0, kept));
      out.write(text.substring(0, end).getBytes(StandardCharsets.ISO_8859_1));
      line.reset();
      line.writeBytes(text.substring(end).getBytes(StandardCharsets.ISO_8859_1));
    }

    private int longest() {
      return placeholders.keySet().stream().mapToInt(String::length).max().orElse(0);
    }

    /** Passes on the last line, which has no line end. */
    public void finish() throws IOException {
      writeLine(0);
    }
  }
}
