package io.github.rpideploy.deploy.others;

import io.github.rpideploy.PlainText;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Reads what {@code pull.sh} prints, as it comes. */
final class Pull extends OutputStream {

  /** What is kept of the output, in lines and in characters of each. */
  private static final int LINES = 20;

  private static final int LONGEST = 2000;

  /** How often it is said that a pull still goes on, in signs of life; one comes in 5 seconds. */
  private static final int SIGNS = 2;

  private final Consumer<String> progress;
  private final byte[] line = new byte[LONGEST];
  private int length;
  private final Deque<String> last = new ArrayDeque<>();
  private final Set<String> layers = new HashSet<>();
  private final Set<String> done = new HashSet<>();
  private int signs;
  private boolean pulled;
  private String status = "";
  private String platform = "";

  /**
   * @param progress is told how far it is, whenever that changes and from time to time
   */
  Pull(Consumer<String> progress) {
    this.progress = progress;
  }

  @Override
  public synchronized void write(int b) {
    if (b == '\n') {
      heard(new String(line, 0, length, StandardCharsets.UTF_8).strip());
      length = 0;
    } else if (length < LONGEST) {
      line[length++] = (byte) b;
    }
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int count) {
    for (int i = offset; i < offset + count; i++) {
      write(bytes[i]);
    }
  }

  private void heard(String said) {
    if (said.startsWith("platform ")) {
      platform = said.substring("platform ".length());
    } else if (said.startsWith("pulled ")) {
      pulled = true;
      status = said.substring("pulled ".length());
    } else if (said.equals(".")) {
      signs++;
      if (signs % SIGNS == 0) {
        progress.accept(state());
      }
    } else if (!said.isEmpty()) {
      layer(said);
      last.addLast(PlainText.line(said));
      if (last.size() > LINES) {
        last.removeFirst();
      }
    }
  }

  /** {@code 1f7ce2fa46ab: Pull complete}. */
  private void layer(String said) {
    int colon = said.indexOf(": ");
    String id = colon < 0 ? "" : said.substring(0, colon);
    if (!id.matches("[0-9a-f]{12}")) {
      return;
    }
    layers.add(id);
    String state = said.substring(colon + 2);
    if ((state.startsWith("Pull complete") || state.startsWith("Already exists")) && done.add(id)) {
      progress.accept(state());
    }
  }

  private String state() {
    return layers.isEmpty() ? "asking" : done.size() + " of " + layers.size() + " layers";
  }

  /** Whether it had to be pulled. */
  boolean pulled() {
    return pulled;
  }

  /** Whether the Engine has the image. */
  boolean isThere() {
    return !platform.isEmpty();
  }

  /** What the image is for: {@code linux/arm64}. */
  String platform() {
    return platform;
  }

  /** What was said last, at most twenty lines. */
  List<String> last() {
    return List.copyOf(last);
  }

  /** What was said at the end, which is the error if it could not be pulled. */
  String error() {
    return last.isEmpty() ? "nothing (exit status " + status + ")" : last.getLast();
  }
}
