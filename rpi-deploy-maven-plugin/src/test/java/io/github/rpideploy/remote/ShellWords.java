package io.github.rpideploy.remote;

import java.util.ArrayList;
import java.util.List;

/** Reads the command lines of {@link Command#toShell}, as a login shell on the Pi would. */
public final class ShellWords {

  private ShellWords() {}

  /** The argument list that a command line was made of. */
  public static List<String> parse(String line) {
    List<String> words = words(line);
    return words.size() > 3 && words.get(2).startsWith("n=${IFS#??}")
        ? together(words.subList(4, words.size()))
        : words;
  }

  /** Words in single quotes, with backslashes outside of them. */
  private static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '\'') {
        quoted = !quoted;
      } else if (c == '\\' && !quoted) {
        word.append(line.charAt(++i));
      } else if (c == ' ' && !quoted) {
        words.add(word.toString());
        word.setLength(0);
      } else {
        word.append(c);
      }
    }
    words.add(word.toString());
    return words;
  }

  /** Arguments that came line by line. */
  private static List<String> together(List<String> lines) {
    List<String> argv = new ArrayList<>();
    StringBuilder argument = new StringBuilder();
    for (String line : lines) {
      argument.append(line, 1, line.length());
      if (line.startsWith("+")) {
        argument.append('\n');
      } else {
        argv.add(argument.toString());
        argument.setLength(0);
      }
    }
    return argv;
  }
}
