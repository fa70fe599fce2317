package io.github.rpideploy.deploy.spec;

import java.time.Duration;

/**
 * Who wants to deploy, and how long they wait for the lock.
 *
 * @param holder who others are told is deploying: user, machine, process, since when; one line
 * @param patience how long to wait for another deploy to end; with zero, fail at once
 */
public record LockRequest(String holder, Duration patience) {

  /** Keeps the text on one line. */
  public LockRequest {
    holder = holder.replaceAll("\\p{Cntrl}+", " ").strip();
  }
}
