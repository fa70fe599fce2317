package io.github.rpideploy.maven.docs;

import java.util.ArrayList;
import java.util.List;

/** A page of Markdown: one sentence on a line, and no line too long. */
final class Markdown {

  private static final int WIDTH = 160;

  private final StringBuilder page = new StringBuilder();

  Markdown heading(int level, String text) {
    return block("#".repeat(level) + " " + text);
  }

  /** Paragraphs, a blank line between them. */
  Markdown prose(String text) {
    for (String paragraph : text.split("\n\n", -1)) {
      List<String> lines = new ArrayList<>();
      for (String sentence : sentences(paragraph)) {
        lines.addAll(wrapped(sentence, ""));
      }
      block(String.join("\n", lines));
    }
    return this;
  }

  Markdown list(List<String> items) {
    List<String> lines = new ArrayList<>();
    items.forEach(item -> lines.addAll(wrapped("* " + item, "  ")));
    return block(String.join("\n", lines));
  }

  Markdown block(String text) {
    if (!page.isEmpty()) {
      page.append('\n');
    }
    page.append(text).append('\n');
    return this;
  }

  @Override
  public String toString() {
    return page.toString();
  }

  /** A sentence ends with a full stop before a capital or code, though never in code. */
  static List<String> sentences(String paragraph) {
    List<String> sentences = new ArrayList<>();
    boolean code = false;
    int begin = 0;
    for (int i = 0; i < paragraph.length() - 2; i++) {
      char here = paragraph.charAt(i);
      code ^= here == '`';
      char next = paragraph.charAt(i + 2);
      if (!code
          && ".!?".indexOf(here) >= 0
          && paragraph.charAt(i + 1) == ' '
          && (Character.isUpperCase(next) || next == '`' || next == '[')) {
        sentences.add(paragraph.substring(begin, i + 1));
        begin = i + 2;
      }
    }
    sentences.add(paragraph.substring(begin));
    return sentences;
  }

  /** Code stays on one line, so that it can be copied. */
  private static List<String> wrapped(String text, String margin) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" (?=(?:[^`]*`[^`]*`)*[^`]*$)", -1)) {
      if (line.length() + 1 + word.length() > WIDTH) {
        lines.add(line.toString());
        line = new StringBuilder(margin).append(word);
      } else {
        line.append(line.isEmpty() ? "" : " ").append(word);
      }
    }
    lines.add(line.toString());
    return lines;
  }
}
