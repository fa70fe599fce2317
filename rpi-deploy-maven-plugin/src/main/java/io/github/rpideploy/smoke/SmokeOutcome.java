package io.github.rpideploy.smoke;

/**
 * What one attempt at a smoke test led to.
 *
 * @param passed whether the service answered as expected
 * @param state what happened, for messages, without secrets: {@code GET http://localhost/ answers
 *     503, not 200}
 * @param answer the start of what the service sent, at most 4 KiB of a body; it may hold secrets
 */
public record SmokeOutcome(boolean passed, String state, String answer) {

  /** The service answered as expected. */
  public static SmokeOutcome passed(String state) {
    return new SmokeOutcome(true, state, "");
  }

  /** The service answered something else, or not at all: then {@code answer} is empty. */
  public static SmokeOutcome failed(String state, String answer) {
    return new SmokeOutcome(false, state, answer);
  }
}
