package io.github.rpideploy.ssh;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** No SSH server answered, so another route may be tried. */
final class NoAnswerException extends IOException {

  private static final long serialVersionUID = 1L;

  NoAnswerException(@Nullable Throwable cause) {
    super(cause == null ? "no answer" : cause.getMessage(), cause);
  }
}
