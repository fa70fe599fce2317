package io.github.rpideploy.maven.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.DeployException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.maven.plugin.logging.Log;
import org.apache.maven.plugin.logging.SystemStreamLog;
import org.junit.jupiter.api.Test;

class PlainLogTest {

  private final List<String> lines = new ArrayList<>();
  private final Log log =
      PlainLog.of(
          new SystemStreamLog() {
            @Override
            public void debug(CharSequence text) {
              lines.add(text.toString());
            }

            @Override
            public void info(CharSequence text) {
              lines.add(text.toString());
            }
          });

  @Test
  void what_a_message_holds_of_control_characters_is_replaced() {
    log.info("the Pi says \u001b]0;x\u0007\n\tbye");
    assertThat(lines).containsExactly("the Pi says ?]0;x?\n\tbye");
  }

  @Test
  void the_causes_that_X_shows_are_plain_too() {
    log.debug(new DeployException("failed", "retry", new IOException("\u001b]52;c;eA==\u0007")));
    assertThat(lines)
        .singleElement()
        .asString()
        .contains("Caused by: java.io.IOException: ?]52;c;eA==?", "\tat ")
        .doesNotContain("\u001b", "\u0007");
  }
}
