package io.github.rpideploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * The rule for all input: it is understood, or refused by one {@link DeployException} that says
 * what is wrong and what to do; in two seconds, and by no other exception or error.
 *
 * <p>The seconds are of the processor, since other tests run beside it; whatever waits is given up
 * after twenty of the clock.
 */
public final class BadInput {

  private static final Duration LIMIT = Duration.ofSeconds(2);

  private static final Duration LONGEST_WAIT = Duration.ofSeconds(20);

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /** Nobody reads more; input that is quoted may be megabytes. */
  private static final int LONGEST_MESSAGE = 10_000;

  private static TimeLimit time = new TimeLimit(LONGEST_WAIT);

  private BadInput() {}

  /**
   * Fails when the rule is broken.
   *
   * @param name of the case
   * @param reader reads all of the input
   * @return what it made of the input; empty when that was refused
   */
  public static synchronized <T> Optional<T> read(String name, Callable<T> reader) {
    try {
      return time.within(
          name,
          () -> {
            long start = THREADS.getCurrentThreadCpuTime();
            Optional<T> read = readOrRefused(name, reader);
            Duration taken = Duration.ofNanos(THREADS.getCurrentThreadCpuTime() - start);
            assertThat(taken).as("time for " + name).isLessThan(LIMIT);
            return read;
          });
    } catch (AssertionError e) {
      // The thread may still be busy with it.
      time.close();
      time = new TimeLimit(LONGEST_WAIT);
      throw e;
    }
  }

  private static <T> Optional<T> readOrRefused(String name, Callable<T> reader) throws Exception {
    try {
      return Optional.of(reader.call());
    } catch (DeployException refused) {
      requireHelpful(name, refused);
      return Optional.empty();
    }
  }

  private static void requireHelpful(String name, DeployException refused) {
    for (String text : new String[] {refused.getMessage(), refused.hint()}) {
      assertThat(text).as(name).isNotBlank();
      assertThat(text.length()).as("length of the message for " + name).isLessThan(LONGEST_MESSAGE);
      assertThat(
              text.replace("\r\n", "\n")
                  .chars()
                  .filter(c -> Character.isISOControl(c) && c != '\n' && c != '\t'))
          .as(name + ": control characters of " + text)
          .isEmpty();
    }
  }
}
