package io.github.rpideploy.deploy.spec;

import java.time.Duration;

/**
 * Who wants to deploy, and how long they wait for the lock.
 *
 * @param holder who others are told is deploying: user, machine, process, since when; one line
 * @param patience how long to wait for another deploy to end; with zero, fail at once
 * @param confirm how long the Pi waits for this deploy to come back after its connection was lost,
 *     before it takes back what was not verified
 */
public record LockRequest(String holder, Duration patience, Duration confirm) {

  /** Keeps the text on one line. */
  public LockRequest {
    holder = holder.replaceAll("\\p{Cntrl}+", " ").strip();
  }
}
