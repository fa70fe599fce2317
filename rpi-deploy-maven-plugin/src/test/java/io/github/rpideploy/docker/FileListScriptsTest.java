package io.github.rpideploy.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.docker.Images.DeltaOutcome;
import io.github.rpideploy.image.Digest;
import io.github.rpideploy.image.delta.FileListArchive;
import io.github.rpideploy.image.delta.Interpreter;
import io.github.rpideploy.image.delta.LayerFile;
import io.github.rpideploy.image.delta.LayerFiles;
import io.github.rpideploy.remote.Command;
import io.github.rpideploy.remote.InEveryShell;
import io.github.rpideploy.remote.LocalShell;
import io.github.rpideploy.remote.PosixShell;
import io.github.rpideploy.remote.Script;
import io.github.rpideploy.remote.Stdin;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@InEveryShell
class FileListScriptsTest {

  private static final Engine ENGINE =
      new Engine("28.5", Engine.CONTAINERD, "linux", "arm64", Set.of(), "/");

  private static final Digest ONE = new Digest("1".repeat(64));
  private static final Digest TWO = new Digest("2".repeat(64));
  private static final Digest IMAGE = new Digest("a".repeat(64));
  private static final Digest GONE = new Digest("b".repeat(64));

  private final PosixShell shell;

  @TempDir Path home;

  FileListScriptsTest(PosixShell shell) {
    this.shell = shell;
  }

  @Test
  void what_is_kept_is_there() throws IOException {
    assertThat(there(pi())).isEmpty();

    keep(ONE, TWO);

    assertThat(FileListArchive.read(there(pi()), Set.of(ONE, TWO, IMAGE)))
        .containsOnlyKeys(ONE, TWO)
        .containsEntry(ONE, list(ONE));
  }

  @ParameterizedTest
  @EnumSource
  void where_no_program_can_be_run_there_are_none(Interpreter interpreter) throws IOException {
    keep(ONE);
    Path programs = Files.createDirectory(home.resolve("programs"));
    for (String program : List.of("tar", "gzip", "cat")) {
      Files.createSymbolicLink(programs.resolve(program), Path.of("/usr/bin", program));
    }
    shell.in(programs);
    assertThat(there(pi().withPath(programs))).isEmpty();

    Files.createSymbolicLink(programs.resolve(interpreter.toString()), interpreter.program());

    assertThat(there(pi().withPath(programs))).isNotEmpty();
    Files.delete(programs.resolve("gzip"));
    assertThat(there(pi().withPath(programs))).isEmpty();
  }

  @Test
  void deltas_that_fail_twice_in_a_row_are_not_tried_until_something_is_another_one()
      throws IOException {
    assertThat(fared(DeltaOutcome.FAILED)).isTrue();
    assertThat(there(pi())).isNotEmpty();
    assertThat(fared(DeltaOutcome.WORKED)).isTrue();
    assertThat(fared(DeltaOutcome.FAILED)).isTrue();
    assertThat(fared(DeltaOutcome.NONE)).isTrue();
    assertThat(there(pi())).isNotEmpty();

    assertThat(fared(DeltaOutcome.FAILED)).isFalse();

    assertThat(there(pi())).isEmpty();
    assertThat(fared(DeltaOutcome.NONE)).isTrue();
    assertThat(there(pi())).isEmpty();
    // Another Perl; and then again.
    Path programs = Files.createDirectory(home.resolve("programs"));
    Files.copy(Interpreter.PERL.program(), programs.resolve("perl"));
    LocalShell other = pi().withPrograms(programs);
    assertThat(there(other)).isNotEmpty();
    assertThat(fared(other, DeltaOutcome.FAILED)).isTrue();
    assertThat(fared(other, DeltaOutcome.FAILED)).isFalse();
    assertThat(there(other)).isEmpty();
    assertThat(home.resolve(".cache/rpi-deploy"))
        .isDirectoryContaining(path -> path.endsWith("failed-deltas"))
        .isDirectoryNotContaining(path -> path.toString().contains("failed-deltas."));
  }

  private boolean fared(DeltaOutcome deltas) {
    return fared(pi(), deltas);
  }

  private static boolean fared(LocalShell pi, DeltaOutcome deltas) {
    byte[] archive = FileListArchive.write(List.of(list(ONE)));
    Images images = new Images(pi, DockerCommand.of("", "docker"), ENGINE);
    return images.keepFileLists(out -> out.write(archive), deltas);
  }

  @Test
  void a_list_goes_with_the_last_image_that_has_the_layer() throws IOException {
    keep(ONE, TWO);
    Path cache = home.resolve(".cache/rpi-deploy");
    Files.writeString(
        cache.resolve("layers"), "%s %s .\n%s %s %s .\n".formatted(IMAGE, ONE, GONE, TWO, ONE));
    Path docker = home.resolve("docker");
    Files.writeString(docker, "#!/bin/sh\n[ \"$1 $2\" != 'image ls' ] || echo ' " + IMAGE + " '\n");
    assertThat(docker.toFile().setExecutable(true)).isTrue();

    tidy(docker);

    assertThat(FileListArchive.read(there(pi()), Set.of(ONE, TWO))).containsOnlyKeys(ONE);
    Files.delete(cache.resolve("layers"));
    tidy(docker);
    assertThat(cache.resolve("files")).isEmptyDirectory();
  }

  private void tidy(Path docker) {
    pi().exec(
            Command.script(
                Script.of(Images.class, "remove-tags.sh"),
                "",
                docker.toString(),
                ReleaseScripts.NOTES,
                "x:rpi-1"),
            Stdin.EMPTY);
  }

  private void keep(Digest... layers) {
    byte[] archive =
        FileListArchive.write(List.of(layers).stream().map(FileListScriptsTest::list).toList());
    pi().exec(ReleaseScripts.keepFileLists(DeltaOutcome.NONE), out -> out.write(archive));
  }

  private static LayerFiles list(Digest layer) {
    return new LayerFiles(layer, List.of(new LayerFile("/app/libs/ü 1.jar", 5000, IMAGE)));
  }

  private static byte[] there(LocalShell pi) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    pi.exec(ReleaseScripts.fileLists(), Stdin.EMPTY, out);
    return out.toByteArray();
  }

  private LocalShell pi() {
    return new LocalShell(shell, home);
  }
}
