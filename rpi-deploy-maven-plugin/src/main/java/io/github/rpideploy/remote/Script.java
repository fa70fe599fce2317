package io.github.rpideploy.remote;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * A POSIX shell script for the Pi: a file among the resources of the room that sends it.
 *
 * <p>A line {@code . ./name.sh} stands for the file of that name beside it, so that scripts share
 * functions, shellcheck follows them, and one text arrives on the Pi. Comments, blank lines and
 * indentation stay here: slow links count bytes. So a string over several lines must not begin one
 * with {@code #} or a blank. Python keeps its indentation: a line {@code . ./name.py} between
 * single quotes stands for a file that has none of these.
 */
public final class Script {

  private static final String INCLUDE = ". ./";

  private final String name;
  private final String text;

  private Script(String name, String text) {
    this.name = name;
    this.text = text;
  }

  /**
   * Reads a script.
   *
   * @param room a class beside which the file lies
   * @param name the file's name
   */
  public static Script of(Class<?> room, String name) {
    StringBuilder text = new StringBuilder();
    append(room, name, text);
    return new Script(name, text.toString());
  }

  private static void append(Class<?> room, String name, StringBuilder text) {
    try (InputStream in = room.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalArgumentException("no script " + name + " beside " + room.getName());
      }
      BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String sent = line.stripLeading();
        if (sent.startsWith(INCLUDE)) {
          append(room, sent.substring(INCLUDE.length()), text);
        } else if (!sent.isEmpty() && !sent.startsWith("#")) {
          text.append(name.endsWith(".py") ? quotable(name, line) : sent).append('\n');
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String quotable(String name, String line) {
    if (line.contains("'")) {
      throw new IllegalArgumentException("a single quote in " + name + ": " + line);
    }
    return line;
  }

  /** The file's name: what a shell on the Pi calls it in its messages. */
  String name() {
    return name;
  }

  /** What a shell on the Pi gets to run. */
  String text() {
    return text;
  }
}
