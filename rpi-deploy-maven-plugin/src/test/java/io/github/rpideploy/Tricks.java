package io.github.rpideploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * Plays the tricks of a hostile Pi one after the other, in a JVM with little memory and an empty
 * working directory. Whatever the trick, it takes little time, starts no process, and leaves no
 * file but a small one in {@code target/rpi}.
 */
public final class Tricks {

  /** A word that no message may have. */
  public static final String SECRET = "s3cr3t-m4rk";

  private static final Duration LIMIT = Duration.ofSeconds(75);
  private static final int LONGEST_MESSAGE = 20_000;
  private static final long LARGEST_TARGET = 100L << 20;
  private static final String OK = "fine";

  /** What the Pi does, and what we do meanwhile. */
  @FunctionalInterface
  public interface Trick {
    void play(Path home) throws Exception;
  }

  private final Map<String, Trick> tricks = new LinkedHashMap<>();

  /** A trick that does nothing to us. */
  public Tricks harmless(String name, Trick trick) {
    assertThat(tricks.put(name, trick)).as(name).isNull();
    return this;
  }

  /** A trick that ends what we do by one failure, whose message has these words. */
  public Tricks refused(String name, Trick trick, String... words) {
    return harmless(
        name,
        home -> {
          Throwable failure = catchThrowable(() -> trick.play(home));
          assertThat(failure).isInstanceOf(DeployException.class);
          assertThat(failure.getMessage()).doesNotContain("fault of this plugin");
          List.of(words).forEach(word -> assertThat(failure).hasMessageContaining(word));
          assertThat(failure.getMessage()).hasSizeLessThan(LONGEST_MESSAGE);
          assertThat(((DeployException) failure).hint()).isNotBlank();
          requirePlain(failure.getMessage() + ((DeployException) failure).hint());
        });
  }

  /** Text that we show has no control characters and no secret. */
  public static void requirePlain(String text) {
    assertThat(text.replace("\r\n", "\n"))
        .doesNotContainPattern("[\\x00-\\x08\\x0B-\\x1F\\x7F-\\x9F]");
    assertThat(text).doesNotContain(SECRET);
  }

  /** Plays those whose names contain the first argument, or all, and prints how each went. */
  public void play(String... arguments) {
    tricks.forEach(
        (name, trick) -> {
          if (arguments.length == 0 || name.contains(arguments[0])) {
            long start = System.nanoTime();
            String verdict = verdict(trick);
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            System.out.println(name + "\t" + millis + "\t" + PlainText.line(verdict, 2000));
          }
        });
    // Threads of servers and tricks may be left.
    Runtime.getRuntime().halt(0);
  }

  private static String verdict(Trick trick) {
    try {
      delete(Path.of("home"));
      Path home = Files.createDirectory(Path.of("home")).toAbsolutePath();
      assertTimeoutPreemptively(LIMIT, () -> trick.play(home));
      assertThat(ProcessHandle.current().descendants()).as("processes").isEmpty();
      requireNothingLeft(home);
      return OK;
    } catch (Throwable e) {
      return e.getClass().getSimpleName() + ": " + e.getMessage();
    }
  }

  /** What a trick is given, keys and tarballs, is in a directory of its own. */
  private static void requireNothingLeft(Path home) throws IOException {
    try (Stream<Path> files = Files.walk(Path.of(""))) {
      List<Path> left = files.map(Path::toAbsolutePath).filter(Files::isRegularFile).toList();
      Path target = home.resolve("target/rpi");
      assertThat(left)
          .allMatch(file -> file.startsWith(target) || file.startsWith(home.resolve(".given")));
      long size = 0;
      for (Path file : left) {
        size += Files.size(file);
      }
      assertThat(size).as("bytes in target/rpi").isLessThan(LARGEST_TARGET);
    }
  }

  private static void delete(Path directory) {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted((one, other) -> other.compareTo(one)).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Plays the tricks of a class's {@code main}.
   *
   * @param heap what they have, in MiB
   * @param directory empty
   */
  public static List<DynamicTest> inSmallJvm(Class<?> main, int heap, Path directory)
      throws IOException, InterruptedException {
    Path log = directory.resolveSibling(directory.getFileName() + ".log");
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap + "m",
                "-XX:+UseSerialGC",
                "-Duser.home=" + directory,
                "-cp",
                classPath(),
                main.getName())
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      assertThat(child.waitFor(5, TimeUnit.MINUTES)).as(Files.readString(log)).isTrue();
      assertThat(child.exitValue()).as(Files.readString(log)).isZero();
      return Files.readAllLines(log).stream()
          .filter(line -> !line.startsWith("SLF4J: "))
          .map(Tricks::test)
          .toList();
    } finally {
      child.destroyForcibly();
      Files.delete(log);
    }
  }

  private static DynamicTest test(String line) {
    String[] words = line.split("\t", 3);
    return dynamicTest(
        words[0], () -> assertThat(words.length == 3 ? words[2] : "no verdict").isEqualTo(OK));
  }

  /** Relative entries are of this directory, not of the other JVM's. */
  private static String classPath() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .reduce((one, other) -> one + File.pathSeparator + other)
        .orElseThrow();
  }
}
