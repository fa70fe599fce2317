package io.github.rpideploy.ssh;

import java.time.Duration;

/**
 * Counts the sessions of the server that our commands hold. The server may allow only a few on one
 * connection (MaxSessions) and does not say how many: a command that is refused one waits until
 * another command has ended.
 */
final class Sessions {

  /**
   * How long the server may hold a session after its channel is closed. Usually it only has to
   * notice that the command has ended, but one that was told to stop may take its time.
   */
  private static final Duration LINGERING = Duration.ofSeconds(30);

  /** The same when it is more likely that a lasting command has the only session. */
  private static final Duration NOTICING = Duration.ofSeconds(1);

  private static final Duration BETWEEN_TRIES = Duration.ofMillis(50);

  /** The server gives no session as long as a lasting command runs; nothing was started. */
  static final class NoneLeftException extends RuntimeException {

    private static final long serialVersionUID = 1L;
  }

  /** By lasting commands. */
  private int lasting;

  /** By commands that end by themselves, or that ask for one. */
  private int held;

  /** How many were given back. */
  private int ended;

  private long lastEnd = System.nanoTime() - LINGERING.toNanos();

  /** The session of one command, from before the server is asked for it until it is given back. */
  final class Lease implements AutoCloseable {

    /** What {@link Sessions#ended} was when the server was asked. */
    private int endedBefore;

    private boolean opened;
    private boolean isLasting;

    private Lease(int endedBefore) {
      this.endedBefore = endedBefore;
    }

    /**
     * The server has given the session.
     *
     * @param forLong whether nobody should wait for its end
     */
    void opened(boolean forLong) {
      synchronized (Sessions.this) {
        opened = true;
        isLasting = forLong;
        if (forLong) {
          held--;
          lasting++;
          Sessions.this.notifyAll();
        }
      }
    }

    /**
     * The server has refused the session: waits until it may give one.
     *
     * @return whether to ask again; false when none of our commands can be in the way
     * @throws NoneLeftException when lasting commands hold every session there is
     */
    boolean awaitNext() throws InterruptedException {
      synchronized (Sessions.this) {
        boolean again = mayComeFree(endedBefore);
        endedBefore = ended;
        return again;
      }
    }

    /** The command has ended, or was not started. */
    @Override
    public void close() {
      synchronized (Sessions.this) {
        if (isLasting) {
          lasting--;
        } else {
          held--;
        }
        if (opened) {
          ended++;
          lastEnd = System.nanoTime();
        }
        Sessions.this.notifyAll();
      }
    }
  }

  /** Call this before the server is asked for a session. */
  synchronized Lease lease() {
    held++;
    return new Lease(ended);
  }

  private boolean mayComeFree(int seen) throws InterruptedException {
    held--;
    notifyAll();
    try {
      while (held > 0 && ended == seen) {
        wait();
      }
      Duration patience = lasting > 0 ? NOTICING : LINGERING;
      boolean lingering = System.nanoTime() - lastEnd < patience.toNanos();
      long next = System.nanoTime() + BETWEEN_TRIES.toNanos();
      while (ended == seen && lingering && next - System.nanoTime() > 0) {
        wait(BETWEEN_TRIES.toMillis());
      }
      if (ended != seen || lingering) {
        return true;
      }
      if (lasting > 0) {
        throw new NoneLeftException();
      }
      return false;
    } finally {
      held++;
    }
  }
}
