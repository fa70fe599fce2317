package io.github.rpideploy.deploy.verify;

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
 * What a container was given in its environment and nobody else is to read, taken out of what it
 * logs. A variable's name tells whether its value is a secret; a password within a URL is one
 * whatever the name. In its place stands the name of the variable: {@code [DATABASE_PASSWORD]}.
 */
public final class Redaction {

  private static final Pattern SECRET =
      Pattern.compile("PASS|PWD|SECRET|TOKEN|KEY|CREDENTIAL|SALT|(?:^|_)(?:PIN|AUTH)(?:$|_)");

  /** {@code //user:PASSWORD@host}, {@code ?password=PASSWORD&…}. */
  private static final Pattern WITHIN =
      Pattern.compile(
          "//[^/@\\s:]*:([^/@\\s]+)@|(?:password|passwd|pwd|token|secret)=([^&;\\s]+)",
          Pattern.CASE_INSENSITIVE);

  /** Their like is everywhere: a log without them could not be read. */
  private static final Pattern HARMLESS = Pattern.compile(".{0,3}|true|false|[0-9]{1,5}");

  /** What stands for each secret. Bytes as characters: a log may be in any encoding. */
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
    Redaction redaction = new Redaction();
    // A secret may hold another one.
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
      // A log has lines, and of a key each line is a secret.
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

  /** A text without the secrets. */
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

  /** A stream that goes on to another one without the secrets. */
  public Redacted before(OutputStream out) {
    return new Redacted(out);
  }

  /** What is written goes on line by line. */
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

    /** The last bytes may be the beginning of a secret: they are kept until more comes. */
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

    /** Lets the last line go on too, which has no end. */
    public void finish() throws IOException {
      writeLine(0);
    }
  }
}
