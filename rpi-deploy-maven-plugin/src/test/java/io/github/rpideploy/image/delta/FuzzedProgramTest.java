package io.github.rpideploy.image.delta;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.Fuzz;
import io.github.rpideploy.docker.Images;
import io.github.rpideploy.image.TestTar;
import io.github.rpideploy.remote.Command;
import io.github.rpideploy.remote.PosixShell;
import io.github.rpideploy.remote.Script;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever program arrives: Perl and Python make the same bytes of it or refuse it with the same
 * words, soon, in little memory, and touch nothing but the old directories.
 */
@EnabledOnOs({OS.LINUX, OS.MAC})
class FuzzedProgramTest {

  private static final List<String> GOOD =
      List.of(
          """
          files 2
          0 6000 1 libs/b
          0 5000 2 libs/a
          +3
          new=0 0 6000
          =1 1 2
          =1 0 5000
          .
          """,
          """
          +10
          0123456789files 3
          1 300000 1 x/large
          0 5000 1 libs/a
          0 6000 1 libs/b
          =1 10 4000
          =0 0 200000
          =2 0 6000
          files 1
          0 6000 3 libs/b
          =0 5000 1000
          =0 0 5
          =0 10 10
          .
          """);

  /** A release's directory for each container. */
  private static final String OLD = "c:/app/libs\nd:/opt/x\n";

  private static final String DOCKER =
      "#!/bin/sh\necho \"$*\" >>\"${0%/*}/calls\"\nexec cat \"${0%/*}/${2%%:*}.tar\"\n";

  /** What is held may take 64 MiB; and then there are the interpreter and what passes. */
  private static final int MEMORY_KIB = 130_000;

  @TempDir Path directory;

  /** Where a program that wrote files would write them. */
  private Path working;

  /** What came of a program. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Applied(int status, byte[] bytes, String said) {}

  @BeforeEach
  void setUp() throws IOException {
    working = Files.createDirectory(directory.resolve("working"));
    Files.writeString(directory.resolve("docker"), DOCKER);
    assertThat(directory.resolve("docker").toFile().setExecutable(true)).isTrue();
    release("c", Map.of("libs/a", text("A", 5000), "libs/b", text("b\n", 6000)));
    release("d", Map.of("x/large", text("large", 300_000), "x/z", text("z", 70_000)));
  }

  private void release(String container, Map<String, byte[]> files) throws IOException {
    Map<String, TestTar.Entry> entries = new TreeMap<>();
    files.forEach((name, content) -> entries.put(name, TestTar.file(content)));
    Files.write(directory.resolve(container + ".tar"), TestTar.write(entries));
  }

  private static byte[] text(String text, int length) {
    return text.repeat(length / text.length()).getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void what_is_broken_is_refused_alike() throws IOException {
    for (String good : GOOD) {
      assertThat(apply(good).length).isPositive();
    }

    Fuzz.Result result = Fuzz.texts("program", 1, GOOD, this::apply);

    assertThat(result.refused()).isPositive();
    assertThat(working).isEmptyDirectory();
    assertThat(Files.readAllLines(directory.resolve("calls")))
        .containsOnly("cp c:/app/libs -", "cp d:/opt/x -");
  }

  @Test
  void what_may_be_held_fits() throws IOException {
    byte[] half = new byte[31 << 20];
    release("c", Map.of("libs/1", half, "libs/2", half, "libs/3", text("3", 5000)));

    byte[] made =
        apply(
            "files 3\n0 %1$d 2 libs/1\n0 %1$d 1 libs/2\n0 5000 1 libs/3\n=2 0 5000\n=1 7 9\n=0 0 1\n.\n"
                .formatted(half.length));

    assertThat(made).hasSize(5010);
  }

  /** The same by both, or refused by both. */
  private byte[] apply(String program) throws IOException {
    Path input =
        Files.write(directory.resolve("program"), program.getBytes(StandardCharsets.UTF_8));
    Process first = start(Interpreter.PERL, input);
    Process second = start(Interpreter.PYTHON3, input);
    Applied perl = end(Interpreter.PERL, first);
    Applied python = end(Interpreter.PYTHON3, second);
    assertThat(python.said()).isEqualTo(perl.said());
    assertThat(python.status() == 0).isEqualTo(perl.status() == 0);
    assertThat(python.bytes()).isEqualTo(perl.bytes());
    if (perl.status() == 0) {
      assertThat(perl.said()).isEmpty();
      return perl.bytes();
    }
    // Not by a fault of ours, and not for lack of memory.
    assertThat(perl.said()).matches("delta: .*\n");
    throw new DeployException("refused", "as it must be");
  }

  private Process start(Interpreter interpreter, Path input) throws IOException {
    String script =
        "ulimit -v %d; docker=$1 with=\n%sinterpreter() { echo %s; }\napply_delta \"$2\"\n"
            .formatted(
                MEMORY_KIB,
                Command.script(Script.of(Images.class, "apply-delta.sh")).argv().get(2),
                interpreter);
    ProcessBuilder builder =
        PosixShell.DASH
            .process("-c", script, "apply", directory.resolve("docker").toString(), OLD)
            .directory(working.toFile())
            .redirectInput(input.toFile())
            .redirectOutput(directory.resolve(interpreter + ".out").toFile())
            .redirectError(directory.resolve(interpreter + ".said").toFile());
    PosixShell.prepend(builder, Interpreter.PROGRAMS);
    return builder.start();
  }

  private Applied end(Interpreter interpreter, Process process) throws IOException {
    try {
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).as("ends").isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    } finally {
      Stream.concat(process.descendants(), Stream.of(process.toHandle()))
          .forEach(ProcessHandle::destroyForcibly);
    }
    return new Applied(
        process.exitValue(),
        Files.readAllBytes(directory.resolve(interpreter + ".out")),
        Files.readString(directory.resolve(interpreter + ".said"), StandardCharsets.ISO_8859_1));
  }
}
