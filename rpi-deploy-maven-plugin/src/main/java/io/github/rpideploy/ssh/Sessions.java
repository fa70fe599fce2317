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

  /** The same where it is more likely that a lasting command has the only session. */
  private static final Duration NOTICING = Duration.ofSeconds(1);

  /** What {@link #refused} returns when there is nothing to wait for. */
  static final int NEVER = -1;

  private static final Duration BETWEEN_TRIES = Duration.ofMillis(50);

  /** The server gives no session as long as a lasting command runs; nothing was started. */
  static final class NoneLeftException extends RuntimeException {

    private static final long serialVersionUID = 1L;
  }

  /** By lasting commands. */
  private int lasting;

  /** By commands that end by themselves, or ask for one. */
  private int held;

  private int ended;
  private long lastEnd = System.nanoTime() - LINGERING.toNanos();

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
    noteEnd();
  }

  /** The command that was {@link #settled} has ended. */
  synchronized void lastingEnded() {
    lasting--;
    noteEnd();
  }

  /** The session is held for long: nobody should wait for it. */
  synchronized void settled() {
    held--;
    lasting++;
    notifyAll();
  }

  private void noteEnd() {
    ended++;
    lastEnd = System.nanoTime();
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
      Duration patience = lasting > 0 ? NOTICING : LINGERING;
      boolean lingering = System.nanoTime() - lastEnd < patience.toNanos();
      long next = System.nanoTime() + BETWEEN_TRIES.toNanos();
      while (ended == asked && lingering && next - System.nanoTime() > 0) {
        wait(BETWEEN_TRIES.toMillis());
      }
      if (ended != asked || lingering) {
        return ended;
      }
      if (lasting > 0) {
        throw new NoneLeftException();
      }
      return NEVER;
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
