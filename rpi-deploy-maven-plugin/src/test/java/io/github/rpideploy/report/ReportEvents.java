package io.github.rpideploy.report;

import java.time.Duration;

/** Events that tests of several reports tell. */
public final class ReportEvents {

  private ReportEvents() {}

  /** Two of nine layers were sent in half a second. */
  public static Event shipped(String service, long bytesSent) {
    return new Event.Shipped(
        service,
        service + ":latest",
        "sha256:1",
        service + ":rpi-1",
        bytesSent,
        9000,
        2,
        9,
        1,
        Duration.ofMillis(500));
  }
}
