package io.github.rpideploy.ssh;

import java.time.Duration;

/**
 * How many sessions of the server our commands hold. The server may allow only few on a connection
 * (MaxSessions), and does not say how many: a command that is refused one waits until another
 * command has ended.
 */
final class Sessions {

  /**
   * How long the server may hold a session after its channel is closed: mostly it only has to
   * notice that the command has ended, but one that was told to end may take its time.
   */
  private static final Duration LINGERING = Duration.ofSeconds(30);

  /** What {@link #refused} returns when there is nothing to wait for. */
  static final int NEVER = -1;

  private static final Duration BETWEEN_TRIES = Duration.ofMillis(50);

  private int held;
  private int ended;
  private long lingeringUntil = System.nanoTime();

  /**
   * To be called before a session is asked for.
   *
   * @return what {@link #refused} wants to know
   */
  synchronized int ask() {
    held++;
    return ended;
  }

  /** The command's channel is closed, or will be. */
  synchronized void ended() {
    held--;
    ended++;
    lingeringUntil = System.nanoTime() + LINGERING.toNanos();
    notifyAll();
  }

  /**
   * The server has refused a session: waits until it may give one.
   *
   * @param asked what {@link #ask} has returned, or this before
   * @return the same for the next try, or {@link #NEVER} when none of our commands can be in the
   *     way
   */
  synchronized int refused(int asked) throws InterruptedException {
    held--;
    notifyAll();
    try {
      while (held > 0 && ended == asked) {
        wait();
      }
      boolean lingering = lingeringUntil - System.nanoTime() > 0;
      long next = System.nanoTime() + BETWEEN_TRIES.toNanos();
      while (ended == asked && lingering && next - System.nanoTime() > 0) {
        wait(BETWEEN_TRIES.toMillis());
      }
      return ended != asked || lingering ? ended : NEVER;
    } finally {
      held++;
    }
  }

  /** Nothing was started, for another reason. */
  synchronized void notStarted() {
    held--;
    notifyAll();
  }
}
