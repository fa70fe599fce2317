package io.github.rpideploy.deploy.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.Tricks;
import io.github.rpideploy.maven.console.ConsoleReporter;
import io.github.rpideploy.maven.console.Progress;
import java.util.function.UnaryOperator;
import org.apache.maven.execution.DefaultMavenExecutionRequest;
import org.apache.maven.plugin.logging.SystemStreamLog;

/** What a Pi may tell a doctor. */
public final class ExaminationTricks {

  private static final String ESCAPES = "\033]52;c;eA==\007\u009b2J[INFO] BUILD SUCCESS\0";

  private ExaminationTricks() {}

  public static void addTo(Tricks tricks) {
    told(tricks, "escape sequences everywhere", prints -> prints.replace(" ", " " + ESCAPES));
    told(tricks, "a listener without a port", prints -> "listener tcp\nlistener x y z\n" + prints);
    told(tricks, "a process without a name", prints -> "process tcp 1\nprocess x\n" + prints);
    told(tricks, "all ports, a hundred thousand times", ExaminationTricks::ports);
    told(tricks, "a time that is not", prints -> prints.replace("begin 1", "begin 99999999999"));
    told(
        tricks,
        "more memory than there is",
        prints -> prints.replace("4096000000", "9".repeat(18)));
    told(tricks, "no disk, page or memory", prints -> prints.replaceAll("\\d{4,}", "-1"));
    told(
        tricks,
        "a driver status of garbage",
        prints -> prints.replace("[[\"Back", "io.containerd.snapshotter[["));
    told(tricks, "a compose file of garbage", prints -> prints.replace("services:", "services: ["));
    told(
        tricks,
        "a compose file that is nested deep",
        prints -> prints.replace("services:", "x: " + "[".repeat(100_000)));
    told(tricks, "nothing", prints -> "");
  }

  /** Fit or not: the doctor says so. */
  private static void told(Tricks tricks, String name, UnaryOperator<String> lie) {
    tricks.harmless(
        "told the doctor: " + name,
        home -> {
          ExaminedPi pi = new ExaminedPi();
          pi.prints = lie.apply(pi.prints);
          try {
            pi.examine();
          } catch (DeployException e) {
            Tricks.requirePlain(e.getMessage() + e.hint());
          }
          StringBuilder shown = new StringBuilder();
          SystemStreamLog log = log(shown);
          ConsoleReporter console =
              new ConsoleReporter(log, Progress.of(new DefaultMavenExecutionRequest(), log));
          pi.events.forEach(console::report);
          Tricks.requirePlain(shown.toString());
          assertThat(shown).hasSizeLessThan(100_000);
        });
  }

  private static String ports(String prints) {
    String all = "0.0.0.0:1-65535->1-65535/tcp, ";
    return prints + ("published x\tx\tx\t" + all.repeat(1000) + "\n").repeat(100);
  }

  private static SystemStreamLog log(StringBuilder shown) {
    return new SystemStreamLog() {
      @Override
      public void info(CharSequence line) {
        shown.append(line).append('\n');
      }

      @Override
      public void warn(CharSequence line) {
        shown.append(line).append('\n');
      }

      @Override
      public void error(CharSequence line) {
        shown.append(line).append('\n');
      }
    };
  }
}
