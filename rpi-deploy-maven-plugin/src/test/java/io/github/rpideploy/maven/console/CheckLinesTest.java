package io.github.rpideploy.maven.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.report.Check;
import io.github.rpideploy.report.Event;
import java.util.ArrayList;
import java.util.List;
import org.apache.maven.plugin.logging.Log;
import org.apache.maven.plugin.logging.SystemStreamLog;
import org.junit.jupiter.api.Test;

class CheckLinesTest {

  private final List<String> lines = new ArrayList<>();
  private final Log log =
      new SystemStreamLog() {
        @Override
        public void info(CharSequence line) {
          lines.add("[INFO] " + line);
        }

        @Override
        public void warn(CharSequence line) {
          lines.add("[WARNING] " + line);
        }

        @Override
        public void error(CharSequence line) {
          lines.add("[ERROR] " + line);
        }
      };

  @Test
  void each_check_is_a_line_of_its_level_aligned_with_the_others_and_its_mend_below() {
    show(
        Check.pass("ssh", "pi@raspberrypi:22"),
        Check.warn("page size", "16 KiB", "reboot"),
        Check.fail("ports", "a is taken\nb is taken", "stop a\nstop b"),
        Check.notChecked("memory limits"),
        Check.notChecked("more"));

    assertThat(String.join("\n", lines))
        .isEqualTo(
            """
            [INFO]    ok    ssh        pi@raspberrypi:22
            [WARNING] warn  page size  16 KiB
                                       -> reboot
            [ERROR]   fail  ports      a is taken
                                       b is taken
                                       -> stop a
                                       stop b
            [INFO]    not checked: memory limits, more
            [INFO] raspberrypi is not fit for a deploy: 1 ok, 1 warning, 1 failed""");
  }

  @Test
  void warnings_do_not_make_a_Pi_unfit() {
    show(Check.pass("ssh", "x"), Check.warn("a", "b", "c"), Check.warn("d", "e", "f"));

    assertThat(lines).last().isEqualTo("[INFO] raspberrypi is fit for a deploy: 1 ok, 2 warnings");
  }

  private void show(Check... checks) {
    new CheckLines(log).show(new Event.Examined("raspberrypi", List.of(checks)));
  }
}
