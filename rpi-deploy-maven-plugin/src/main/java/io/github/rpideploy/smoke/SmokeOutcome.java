package io.github.rpideploy.smoke;

import java.time.Duration;

/** What one smoke test request led to. */
public sealed interface SmokeOutcome {

  /** The expected status came after {@code elapsed}. */
  record Passed(int status, Duration elapsed) implements SmokeOutcome {}

  /** Another status came, with this start of a body: at most 4 KiB, as text. */
  record Answered(int status, String bodyStart) implements SmokeOutcome {}

  /** The expected status came, but its body {@code mismatch}; with the same start of a body. */
  record Mismatched(int status, String mismatch, String bodyStart) implements SmokeOutcome {}

  /** No answer came, for a reason such as {@code no answer within 5 s}. */
  record NoAnswer(String reason) implements SmokeOutcome {}
}
