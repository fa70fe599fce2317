package io.github.rpideploy.report;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What became of a service, as {@code deploy.json} has it. Much of it was said by the Pi: whoever
 * writes it down escapes it.
 *
 * @param target the name of its Pi; empty where the build deploys to only one
 * @param directory the compose directory; empty when the Pi was not reached
 * @param before the name of the image that it ran before; null when that is not known, empty when
 *     it ran none or one without a name
 * @param release the release tag; null when it never came to that
 * @param bytesSent over the wire
 * @param took each step by its name in {@code deploy.json}: {@code ship}, {@code recreate}, …
 * @param reason the evidence, or the cause of a failure; null when no goal has verified it
 * @param rolledBackTo the image that it runs again; null when it did not go back
 */
public record DeployedService(
    String target,
    String directory,
    String service,
    @Nullable String before,
    @Nullable String release,
    long bytesSent,
    Map<String, Duration> took,
    Outcome outcome,
    @Nullable String reason,
    @Nullable String rolledBackTo) {

  /** Keeps a copy of the map. */
  public DeployedService {
    took = Map.copyOf(took);
  }

  /** Where it runs: the target's name, or the compose directory. */
  public String place() {
    String place = target.isEmpty() ? directory : target;
    return place.isEmpty() ? "rpi" : place;
  }

  public boolean isFailed() {
    return outcome == Outcome.FAILED;
  }

  /** What it runs again, as a sentence on a line of its own; empty when it did not go back. */
  public String back() {
    return rolledBackTo == null ? "" : "\nIt is back on " + rolledBackTo + ".";
  }

  /** How long all steps took together. */
  public Duration elapsed() {
    return took.values().stream().reduce(Duration.ZERO, Duration::plus);
  }

  /** How long these steps took; those that were not taken count as nothing. */
  Duration elapsed(String... steps) {
    Duration sum = Duration.ZERO;
    for (String step : steps) {
      sum = sum.plus(took.getOrDefault(step, Duration.ZERO));
    }
    return sum;
  }
}
