package io.github.rpideploy.report;

import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * How a deploy ended, for one service or as a whole. The names in {@code deploy.json} and in the
 * history are a contract: they are added to, never changed.
 */
public enum Outcome {
  /** The release runs and passed its checks. */
  VERIFIED,
  /** The service already ran the release and passed its checks. */
  UNCHANGED,
  /** The release was verified, then taken back because another service failed. */
  ROLLED_BACK,
  /** The release runs; no goal has verified it. */
  RECREATED,
  /** The release is on the Pi; no goal has recreated the service. */
  SHIPPED,
  /** The service was not reached, because another one failed before it. */
  NOT_DEPLOYED,
  /** The release does not work, or could not be deployed. */
  FAILED,
  /** Read from a file that a later version of this plugin wrote. */
  UNKNOWN;

  /** The name in files: {@code rolled-back}. */
  public String jsonName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The outcome with this name in files; {@link #UNKNOWN} when no outcome has it. */
  public static Outcome ofJsonName(String name) {
    return Arrays.stream(values())
        .filter(outcome -> outcome.jsonName().equals(name))
        .findFirst()
        .orElse(UNKNOWN);
  }

  /** The outcome of the whole: the worst of its services, {@link #VERIFIED} when all are good. */
  public static Outcome ofAll(Collection<Outcome> services) {
    return Stream.of(FAILED, NOT_DEPLOYED, SHIPPED, RECREATED)
        .filter(services::contains)
        .findFirst()
        .orElse(VERIFIED);
  }

  /** Whether the release proved good: a later deploy can go back to it. */
  public boolean isGood() {
    return this == VERIFIED || this == UNCHANGED || this == ROLLED_BACK;
  }
}
