package io.github.rpideploy.image.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.rpideploy.image.program.OldFile;
import io.github.rpideploy.remote.PosixShell;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The script with Perl and Python, which say the same, and a docker whose containers are
 * directories.
 */
@ParameterizedClass(allowZeroInvocations = true)
@MethodSource("io.github.rpideploy.image.delta.Interpreter#inEveryShell")
class ApplyDeltaTest {

  private static final String RELEASE = "auth-server:rpi-1";

  private static final String GOOD =
      """
      files 2
      0 6 1 libs/b
      0 5 2 libs/a
      +3
      new=0 0 6
      =1 1 2
      =1 0 5
      .
      """;

  private final PosixShell shell;
  private final Interpreter interpreter;

  @TempDir Path home;
  private DeltaPi pi;

  ApplyDeltaTest(PosixShell shell, Interpreter interpreter) {
    this.shell = shell;
    this.interpreter = interpreter;
  }

  @BeforeEach
  void setUp() throws IOException {
    pi = new DeltaPi(shell, home, interpreter);
    pi.put(
        RELEASE,
        Map.of(
            "/app/libs/a", bytes("AAaaa"),
            "/app/libs/b", bytes("Bbbbbb"),
            "/app/libs/c", new byte[100_000]));
  }

  @Test
  void a_program_writes_and_copies() throws IOException {
    String said = load(GOOD);

    assertThat(said).startsWith("loaded 0 ");
    assertThat(pi.loaded()).asString().isEqualTo("newBbbbbbAaAAaaa");
    assertThat(home.resolve("removed")).hasContent("rpi-1");
    assertThat(Files.readString(home.resolve("calls")))
        .contains(
            "create --pull never --label io.github.rpideploy.proof=yes --platform linux/arm64");
  }

  @Test
  void parts_that_are_compressed_one_by_one_are_one_program() throws IOException {
    ByteArrayOutputStream parts = new ByteArrayOutputStream();
    GOOD.lines().forEach(line -> parts.writeBytes(gzip(bytes(line + "\n"))));

    pi.load(parts.toByteArray(), directories());

    assertThat(pi.loaded()).asString().isEqualTo("newBbbbbbAaAAaaa");
  }

  @Test
  void a_program_that_makes_no_sense_makes_no_whole_archive() throws IOException {
    Map<String, String> bad = new LinkedHashMap<>();
    bad.put("=0 0 7", "is not so long");
    bad.put("=0 1 6", "is not so long");
    bad.put("=0 999999999999999 999999999999999", "is not so long");
    bad.put("=2 0 1", "there is no file 2");
    bad.put("=-1 0 1", "makes no sense");
    bad.put("=0 -1 1", "makes no sense");
    bad.put("=0 0 1e9", "makes no sense");
    bad.put("rm -rf", "makes no sense");
    bad.put("", "makes no sense");
    bad.put("x".repeat(8191), "makes no sense");
    bad.put("x".repeat(8192), "ends too early");
    bad.put("+5", "makes no sense");
    bad.put("+999999999999999", "ends too early");
    bad.put("=0 0 6\n=0 0 6", "is not copied from so often");
    bad.put("files 1\n0 6 0 libs/b", "names no file");
    bad.put("files 1\n1 6 1 libs/b", "names no file");
    bad.put("files 1\n0 6 1 ", "names no file");
    bad.put("files 1\n0 x 1 libs/b", "names no file");
    bad.put("files 2\n0 6 1 libs/b\n0 6 1 libs/b", "twice");
    bad.put("files 1\n0 6 1 ../libs/b\n=0 0 6", "has not all files");
    bad.put("files 1\n0 6 1 libs/none\n=0 0 6", "has not all files");
    bad.put("files 1\n0 7 1 libs/b\n=0 0 7", "another size");
    bad.put("files 1\n0 5 1 libs/b\n=0 0 5", "another size");
    bad.put("files 1000000", "makes no sense");
    bad.put("files 10", "names no file");
    for (Map.Entry<String, String> each : bad.entrySet()) {
      String said = load(GOOD.replace("=0 0 6", each.getKey()));

      assertThat(said).as(each.getKey()).contains("delta: ", each.getValue());
      assertThat(pi.loaded().length).as(each.getKey()).isLessThan(16);
    }
  }

  @Test
  void what_is_not_a_whole_program_makes_no_whole_archive() throws IOException {
    for (int length = 0; length < GOOD.length() - 1; length += 6) {
      assertThat(load(GOOD.substring(0, length))).as("" + length).contains("delta: ");
      assertThat(pi.loaded()).as("" + length).isEmpty();
    }
    assertThat(load(GOOD + "x")).contains("delta: the program does not end");
    assertThat(pi.loaded()).isEmpty();
    assertThat(pi.load(bytes("no gzip"), directories())).contains("delta: ");
    byte[] whole = gzip(bytes(GOOD));
    assertThat(pi.load(Arrays.copyOf(whole, whole.length - 20), directories())).contains("delta: ");
    assertThat(pi.loaded()).isEmpty();
  }

  /** Large enough that some of it is written before the end is seen. */
  @Test
  void the_last_bytes_are_held_back() throws IOException {
    byte[] large = new byte[1 << 18];
    new Random(1).nextBytes(large);
    ByteArrayOutputStream program = new ByteArrayOutputStream();
    program.writeBytes(bytes("+" + large.length + "\n"));
    program.writeBytes(large);

    assertThat(pi.load(gzip(program.toByteArray()), directories())).contains("delta: ");
    assertThat(pi.loaded().length).isBetween(1, large.length - 1);
  }

  @Test
  void what_would_take_too_much_memory_is_refused() throws IOException {
    pi.put(RELEASE, Map.of("/app/libs/0", new byte[65 << 20]));

    String said = load("files 2\n0 68157440 1 libs/0\n0 5 1 libs/a\n=1 0 5\n=0 0 1\n.\n");

    assertThat(said).contains("delta: it takes too much memory");
    assertThat(pi.loaded()).isEmpty();
  }

  @Test
  void names_that_would_take_too_much_memory_are_refused() {
    StringBuilder program = new StringBuilder("files 99999\n");
    for (int i = 0; i < 99_999; i++) {
      program.append("0 1 1 ").append(i).append('\n');
    }

    assertThat(load(program + ".\n")).contains("delta: it takes too much memory");
  }

  @Test
  void a_release_that_has_gone_is_told_and_nothing_is_loaded() {
    String said = pi.load(gzip(bytes(GOOD)), List.of(new Deltas.OldDirectory("x:rpi-9", "/app")));

    assertThat(said).startsWith("loaded 1 ").contains("No such image: x:rpi-9");
    assertThat(home.resolve("loaded")).doesNotExist();
  }

  @Test
  void a_directory_that_is_not_there_is_told() {
    String said = pi.load(gzip(bytes(GOOD)), List.of(new Deltas.OldDirectory(RELEASE, "/app/no")));

    assertThat(said).contains("delta: rpi-1:/app/no ");
    assertThat(home.resolve("removed")).hasContent("rpi-1");
  }

  @Test
  void containers_go_when_the_load_fails() {
    pi.docker("gnu", "exit 1");

    assertThat(load(GOOD)).startsWith("loaded 1 ");
    assertThat(home.resolve("removed")).hasContent("rpi-1");
  }

  @Test
  void a_file_with_no_name_for_a_line_is_not_named() {
    assertThat(catchThrowable(() -> new OldFile(0, 1, 1, "libs/a\nb")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private String load(String program) {
    return pi.load(gzip(bytes(program)), directories());
  }

  private static List<Deltas.OldDirectory> directories() {
    return List.of(new Deltas.OldDirectory(RELEASE, "/app/libs"));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return out.toByteArray();
  }
}
