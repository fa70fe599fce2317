package io.github.rpideploy.maven.parameters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.rpideploy.DeployException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComposeFilesTest {

  @TempDir Path root;

  @Test
  void without_a_name_the_one_is_taken_that_compose_would_take() throws IOException {
    assertThat(ComposeFiles.of(null, root)).isEqualTo(new ComposeFiles(null, null));
    for (String name :
        List.of("docker-compose.yml", "docker-compose.yaml", "compose.yml", "compose.yaml")) {
      put(name);
      assertThat(ComposeFiles.of(" ", root)).isEqualTo(new ComposeFiles(root.resolve(name), null));
    }
  }

  @Test
  void two_names_are_merged_on_the_Pi_and_more_are_refused() throws IOException {
    Path first = put("compose.yaml");
    Path second = put("compose.pi.yaml");
    put("third.yaml");

    assertThat(ComposeFiles.of("compose.yaml, compose.pi.yaml", root))
        .isEqualTo(new ComposeFiles(first, second));
    assertThat(failure("compose.yaml,compose.pi.yaml,third.yaml"))
        .hasMessage("Parameter composeFile names 3 files, but one or two are possible");
    assertThat(failure("compose.yaml,none.yaml"))
        .hasMessage("There is no compose file " + root.resolve("none.yaml"));
    assertThat(failure(",")).hasMessageContaining("names 0 files");
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "4096, 4096", "500kB, 500000", "10 MB, 10000000", "1g, 1000000000", "2b, 2"})
  void sizes_are_powers_of_1000(String text, long bytes) {
    assertThat(SizeParameter.parse("filesLimit", text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @CsvSource({"-1", "1.5MB", "much", "''", "1TB"})
  void other_words_are_no_sizes(String text) {
    assertThat(
            catchThrowableOfType(
                DeployException.class, () -> SizeParameter.parse("filesLimit", text)))
        .hasMessage("Parameter filesLimit is \"" + text + "\", which is not a size");
  }

  private DeployException failure(String named) {
    return catchThrowableOfType(DeployException.class, () -> ComposeFiles.of(named, root));
  }

  private Path put(String name) throws IOException {
    return Files.writeString(root.resolve(name), "services: {}\n");
  }
}
