package io.github.rpideploy.deploy.spec;

import java.time.Duration;

/**
 * Who wants to deploy, and how patiently.
 *
 * @param holder how others are told who deploys: user, machine, process, since when; one line
 * @param patience how long to wait for another deploy to end; zero to fail at once
 */
public record LockRequest(String holder, Duration patience) {

  /** Keeps the text on one line. */
  public LockRequest {
    holder = holder.replaceAll("\\p{Cntrl}+", " ").strip();
  }
}
