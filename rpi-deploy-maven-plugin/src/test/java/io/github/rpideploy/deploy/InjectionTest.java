package io.github.rpideploy.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.HostileText;
import io.github.rpideploy.deploy.spec.ServiceSpec;
import io.github.rpideploy.deploy.spec.SmokeSpec;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.deploy.stack.ComposeDirectory;
import io.github.rpideploy.docker.Docker;
import io.github.rpideploy.docker.Probe;
import io.github.rpideploy.image.ImageReference;
import io.github.rpideploy.image.Platform;
import io.github.rpideploy.remote.LocalShell;
import io.github.rpideploy.remote.PosixShell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What users call their things is text, never a command; or it is refused by name. */
class InjectionTest {

  private static final String OLD = "services: {a: {image: old}}\n";
  private static final String NEW = "services: {a: {image: new}}\n";

  @TempDir private Path home;

  static List<String> texts() {
    return HostileText.with("touch pwned");
  }

  /** Those that a directory may be called: it has no control characters. */
  static Stream<String> directories() {
    return texts().stream()
        .filter(text -> text.chars().noneMatch(Character::isISOControl))
        .filter(text -> !text.equals("~"));
  }

  @AfterEach
  void nothingWasExecuted() throws IOException {
    try (Stream<Path> files = Files.walk(home)) {
      assertThat(files.map(file -> file.getFileName().toString())).doesNotContain("pwned");
    }
  }

  @ParameterizedTest
  @MethodSource("directories")
  void a_directory_is_taken_as_it_is_called(String name) throws Exception {
    List<PosixShell> shells = PosixShell.here();
    for (PosixShell shell : shells) {
      assertIsTaken(shell, name);
    }
    // How a shell reads the text does not depend on what stands before it.
    if (!shells.isEmpty()) {
      assertIsTaken(shells.get(0), "rpi/" + name);
    }
  }

  private void assertIsTaken(PosixShell shell, String directory) throws Exception {
    // Its parent, so that ".." leaves no trace outside.
    Path user = Files.createDirectories(home.resolve(shell + "/user"));
    Docker docker = Probe.of(new ScriptedPi(OLD), directory, null, false).docker();
    ComposeDirectory written =
        new ComposeDirectory(
            new LocalShell(shell, user), docker, new Stack(directory, null), NEW, event -> {});

    written.upload();

    Path file = user.resolve("./" + directory).resolve("compose.yaml");
    assertThat(file).hasContent(NEW);
    assertThat(pasted(user, written.onThePi("cat compose.yaml"))).isEqualTo(NEW);
  }

  @ParameterizedTest
  @MethodSource("texts")
  void a_name_that_no_service_can_have_is_refused(String name) {
    if (name.matches("[-.a-z]+")) {
      assertThat(spec(name).service()).isEqualTo(name);
      return;
    }
    assertThatThrownBy(() -> spec(name))
        .isInstanceOf(DeployException.class)
        .hasMessageContaining("'" + name.replaceAll("\\p{Cntrl}", "?") + "'")
        .extracting(failure -> ((DeployException) failure).hint())
        .asString()
        .contains("rpi.service");
  }

  @ParameterizedTest
  @ValueSource(strings = {"auth-server", "Auth_2.x", "-x", ".."})
  void a_name_that_a_service_can_have_is_taken(String name) {
    assertThat(spec(name).service()).isEqualTo(name);
  }

  @ParameterizedTest
  @MethodSource("texts")
  void what_is_not_the_name_of_an_image_is_refused(String text) {
    for (String name : List.of(text, "a/" + text, "a:" + text, text + ":5000/a")) {
      assertThatThrownBy(() -> ImageReference.parse(name))
          .as(name)
          .isInstanceOf(DeployException.class)
          .hasMessageContaining("is not an image name");
    }
  }

  @ParameterizedTest
  @MethodSource("texts")
  void what_is_not_a_platform_is_refused(String text) {
    if (text.matches("[-./a-z]+")) {
      // It could be one, as far as that goes, and is compared with the tarball's.
      return;
    }
    for (String platform : List.of(text, "linux/" + text, "linux/arm64/" + text)) {
      assertThatThrownBy(() -> Platform.parse(platform))
          .as(platform)
          .isInstanceOf(DeployException.class);
    }
  }

  /** The test can fail: a command line that is put together as a text runs it. */
  @Test
  void a_canary_that_is_executed_is_seen() throws Exception {
    pasted(home, "echo $(touch seen)");
    assertThat(home.resolve("seen")).exists();
  }

  private ServiceSpec spec(String name) {
    return new ServiceSpec(
        name,
        home.resolve("jib-image.tar"),
        "linux/arm64",
        SmokeSpec.NONE,
        Duration.ofSeconds(1),
        home.resolve("log"));
  }

  /** What a command line of a message does here, where ssh gives its last argument to a shell. */
  private static String pasted(Path directory, String line) throws Exception {
    Process process =
        new ProcessBuilder("bash", "-c", "ssh() { sh -c \"${@: -1}\"; }\n" + line)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    process.waitFor();
    return said;
  }
}
