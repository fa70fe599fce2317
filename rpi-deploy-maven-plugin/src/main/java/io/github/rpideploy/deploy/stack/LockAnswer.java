package io.github.rpideploy.deploy.stack;

import io.github.rpideploy.deploy.spec.LockRequest;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.Reporter;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Reads line by line what {@code lock.sh} prints, and reports what the user should hear of. */
final class LockAnswer extends OutputStream {

  private static final String MINE = "rpi-lock mine";
  private static final String OTHERS = "rpi-lock held ";
  private static final String ENDING = "rpi-lock ending";
  private static final String REFUSED = "rpi-lock refused";
  private static final String UNSETTLED = "rpi-lock unsettled ";
  private static final String BACK = "rpi-lock back ";
  private static final String REMOVED = "rpi-lock removed ";
  private static final String STUCK = "rpi-lock stuck ";

  /** No line of the script is longer; more would be of somebody else, and is dropped. */
  private static final int LINE_LIMIT = 4096;

  /** Each may be shown: a line for each service and what was torn, and the holder. */
  private static final int LINES = 1000;

  private final LockRequest request;
  private final Reporter reporter;
  private final LockFailures failures;
  private final CompletableFuture<Boolean> held;
  private final Runnable refused;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  private int lines;
  private volatile boolean waited;
  private volatile boolean ending;
  private volatile boolean healing;
  private volatile @Nullable String holder;

  /**
   * @param held is completed when the lock is held
   * @param refused is run when it will not be
   */
  LockAnswer(
      LockRequest request,
      Reporter reporter,
      LockFailures failures,
      CompletableFuture<Boolean> held,
      Runnable refused) {
    this.request = request;
    this.reporter = reporter;
    this.failures = failures;
    this.held = held;
    this.refused = refused;
  }

  /** Whether the Pi may run something else now: another deploy held the lock, or was taken back. */
  boolean waited() {
    return waited;
  }

  /** Whether the other deploy has ended, and what it was replacing is going back. */
  boolean ending() {
    return ending;
  }

  /** Whether services of an earlier deploy have to go back first. */
  boolean healing() {
    return healing;
  }

  /** Who has the lock, as far as is known. */
  @Nullable String holder() {
    return holder;
  }

  @Override
  public void write(int b) {
    if (b == '\n') {
      read(line.toString(StandardCharsets.UTF_8));
      line.reset();
    } else if (line.size() < LINE_LIMIT) {
      line.write(b);
    }
  }

  private void read(String printed) {
    if (++lines > LINES) {
      throw failures.tooMuch(LINES);
    }
    if (printed.equals(MINE)) {
      held.complete(true);
    } else if (printed.equals(REFUSED)) {
      refused.run();
    } else if (printed.startsWith(OTHERS)) {
      String other = plain(printed, OTHERS);
      waited = true;
      holder = other;
      if (!request.patience().isZero()) {
        reporter.report(new Event.LockAwaited(other, request.patience()));
      }
    } else if (printed.equals(ENDING)) {
      waited = true;
      ending = true;
      reporter.report(failures.isEnding());
    } else if (printed.startsWith(UNSETTLED)) {
      waited = true;
      healing = true;
      reporter.report(failures.unsettled(plain(printed, UNSETTLED)));
    } else if (printed.startsWith(BACK)) {
      reporter.report(failures.isBack(plain(printed, BACK)));
    } else if (printed.startsWith(REMOVED)) {
      waited = true;
      reporter.report(failures.wasTorn(plain(printed, REMOVED)));
    } else if (printed.startsWith(STUCK)) {
      reporter.report(failures.isStuck(plain(printed, STUCK)));
    }
  }

  private static String plain(String printed, String word) {
    return printed.substring(word.length()).replaceAll("\\p{Cntrl}+", " ").strip();
  }
}
