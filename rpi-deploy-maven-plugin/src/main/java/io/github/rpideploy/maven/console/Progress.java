package io.github.rpideploy.maven.console;

import io.github.rpideploy.report.Units;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.maven.execution.MavenExecutionRequest;
import org.apache.maven.plugin.logging.Log;
import org.jspecify.annotations.Nullable;

/**
 * Shows how much of a stream has been sent: in one line that is overwritten, or in a line now and
 * then.
 */
public interface Progress {

  /** A stream of so many bytes begins. */
  void start(long total);

  /** So much of it has been sent; the total may have become smaller meanwhile. */
  void update(long sent, long total);

  /** Makes room for something else. */
  void clear();

  /**
   * That of one Pi, where several are sent to side by side.
   *
   * @param log of that Pi
   */
  Progress of(String target, Log log);

  /**
   * A bar where somebody watches: on a terminal, unless Maven's options forbid it ({@code -B},
   * {@code -ntp}, {@code -q}).
   */
  static Progress of(MavenExecutionRequest request, Log log) {
    boolean watched =
        request.isInteractiveMode()
            && log.isInfoEnabled()
            && !showsNoTransfers(request.getTransferListener())
            && Terminal.isThere()
            && !"dumb".equals(System.getenv("TERM"));
    return watched
        ? new Bar(
            new PrintStream(
                new FileOutputStream(FileDescriptor.out), true, StandardCharsets.US_ASCII),
            System::nanoTime)
        : new Lines(log, System::nanoTime);
  }

  /** {@code -ntp} is visible only in the listener that Maven uses then. */
  private static boolean showsNoTransfers(@Nullable Object listener) {
    return listener != null && listener.getClass().getSimpleName().startsWith("Quiet");
  }

  /** A line every quarter of the stream, and one when 10 seconds have passed without any. */
  final class Lines implements Progress {

    private static final long INTERVAL = TimeUnit.SECONDS.toNanos(10);

    private final Log log;
    private final LongSupplier nanoTime;
    private long quarter;
    private long last;

    Lines(Log log, LongSupplier nanoTime) {
      this.log = log;
      this.nanoTime = nanoTime;
    }

    @Override
    public void start(long total) {
      quarter = 0;
      last = nanoTime.getAsLong();
    }

    @Override
    public void update(long sent, long total) {
      if (total <= 0 || sent >= total) {
        return;
      }
      long now = nanoTime.getAsLong();
      long reached = sent * 4 / total;
      if (reached > quarter || now - last >= INTERVAL) {
        log.info("  " + sent * 100 / total + " % of " + Units.bytes(total) + " sent");
        quarter = reached;
        last = now;
      }
    }

    @Override
    public void clear() {
      // A line that was logged stays.
    }

    @Override
    public Progress of(String target, Log own) {
      return new Lines(own, nanoTime);
    }
  }

  /** {@code [#########-----------] 45 % 41.2 MB of 91.7 MB 2.4 MB/s 21 s left}. */
  final class Bar implements Progress {

    private static final int WIDTH = 20;
    private static final long INTERVAL = TimeUnit.MILLISECONDS.toNanos(100);

    private final PrintStream out;
    private final LongSupplier nanoTime;

    /** What was sent to each Pi, and of how much; where there is only one, its name is empty. */
    private final Map<String, long[]> streams = new LinkedHashMap<>();

    private long begin;
    private long last;
    private int shown;

    Bar(PrintStream out, LongSupplier nanoTime) {
      this.out = out;
      this.nanoTime = nanoTime;
    }

    @Override
    public void start(long total) {
      start("", total);
    }

    @Override
    public void update(long sent, long total) {
      update("", sent, total);
    }

    private synchronized void start(String target, long total) {
      if (streams.values().stream().noneMatch(stream -> stream[0] < stream[1])) {
        streams.clear();
        begin = nanoTime.getAsLong();
        last = begin - INTERVAL;
      }
      streams.put(target, new long[] {0, total});
    }

    private synchronized void update(String target, long sent, long total) {
      long now = nanoTime.getAsLong();
      if (total <= 0 || (now - last < INTERVAL && sent < total)) {
        return;
      }
      streams.put(target, new long[] {sent, total});
      last = now;
      String line = line(now);
      out.print("\r" + line + " ".repeat(Math.max(0, shown - line.length())));
      out.flush();
      shown = line.length();
    }

    private String line(long now) {
      long sent = streams.values().stream().mapToLong(stream -> stream[0]).sum();
      long total = streams.values().stream().mapToLong(stream -> stream[1]).sum();
      String line = sent < total ? line(sent, total, now) : "  sent, loading on the Pi";
      return streams.size() < 2
          ? line
          : line
              + streams.entrySet().stream()
                  .map(
                      of ->
                          "  "
                              + of.getKey()
                              + " "
                              + of.getValue()[0] * 100 / Math.max(1, of.getValue()[1]))
                  .map(of -> of + " %")
                  .collect(Collectors.joining());
    }

    private String line(long sent, long total, long now) {
      int full = (int) (sent * WIDTH / total);
      double seconds = (now - begin) / 1e9;
      String line =
          "  [%s%s] %3d %%  %s of %s"
              .formatted(
                  "#".repeat(full),
                  "-".repeat(WIDTH - full),
                  sent * 100 / total,
                  Units.bytes(sent),
                  Units.bytes(total));
      // At first the buffers fill at once, which tells nothing about the link.
      if (seconds < 1 || sent == 0) {
        return line;
      }
      double rate = sent / seconds;
      return "%s  %s/s  %d s left"
          .formatted(line, Units.bytes((long) rate), (long) Math.ceil((total - sent) / rate));
    }

    @Override
    public synchronized void clear() {
      if (shown > 0) {
        out.print("\r" + " ".repeat(shown) + "\r");
        out.flush();
        shown = 0;
      }
    }

    @Override
    public Progress of(String target, Log log) {
      Bar all = this;
      return new Progress() {
        @Override
        public void start(long total) {
          all.start(target, total);
        }

        @Override
        public void update(long sent, long total) {
          all.update(target, sent, total);
        }

        @Override
        public void clear() {
          all.clear();
        }

        @Override
        public Progress of(String other, Log own) {
          return all.of(other, own);
        }
      };
    }
  }
}
