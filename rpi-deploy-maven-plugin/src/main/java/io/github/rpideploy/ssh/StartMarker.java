package io.github.rpideploy.ssh;

import io.github.rpideploy.remote.Command;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Passes on only what comes after a marker: before our command starts, the login shell's start-up
 * files may print anything.
 */
final class StartMarker extends OutputStream {

  /** Prints the marker to both outputs and becomes the command. */
  private static final String SCRIPT =
      "printf '=%s\\n' \"$1\"; printf '=%s\\n' \"$1\" >&2; shift; exec \"$@\"";

  private static final int KEPT_NOISE = 2048;

  private final byte[] line;
  private final OutputStream after;
  private final ByteArrayOutputStream noise = new ByteArrayOutputStream();
  private int matched;

  /**
   * @param marker letters and digits only
   */
  StartMarker(String marker, OutputStream after) {
    this.line = ("=" + marker + "\n").getBytes(StandardCharsets.US_ASCII);
    this.after = after;
  }

  /** The command that prints the marker before it runs {@code command}. */
  static Command printedBefore(Command command, String marker) {
    List<String> argv = new ArrayList<>(List.of("sh", "-c", SCRIPT, "sh", marker));
    argv.addAll(command.argv());
    return Command.of(argv);
  }

  /** Whether the marker has come, which means that the command has started. */
  boolean seen() {
    return matched == line.length;
  }

  /** The start of what came instead of the marker. */
  String noise() {
    return noise.toString(StandardCharsets.UTF_8).strip();
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    int i = offset;
    int end = offset + length;
    while (i < end && !seen()) {
      byte b = bytes[i++];
      // The first character occurs nowhere else in the line, so a mismatch starts over.
      matched = b == line[matched] ? matched + 1 : b == line[0] ? 1 : 0;
      if (noise.size() < KEPT_NOISE) {
        noise.write(b);
      }
    }
    if (i < end) {
      after.write(bytes, i, end - i);
    }
  }

  @Override
  public void flush() throws IOException {
    after.flush();
  }
}
