package io.github.rpideploy.maven;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.deploy.spec.FilesSpec;
import io.github.rpideploy.maven.parameters.Servers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.maven.execution.DefaultMavenExecutionRequest;
import org.apache.maven.execution.DefaultMavenExecutionResult;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.project.MavenProject;
import org.codehaus.plexus.PlexusContainer;
import org.eclipse.aether.RepositorySystemSession;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code -Drpi.identityFile=}, which CI makes of a variable that is not set. */
class EmptyParametersTest {

  @TempDir Path directory;

  private final MavenProject project = new MavenProject();
  private final Parameters parameters = new Parameters() {};
  private final Parameters unset = new Parameters() {};

  @BeforeEach
  void in_a_project() {
    project.setFile(directory.resolve("pom.xml").toFile());
    for (Parameters each : new Parameters[] {parameters, unset}) {
      each.project = project;
      each.host = "raspberrypi.local";
      each.identityVariable = "NO_SUCH_VARIABLE";
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " "})
  void an_empty_value_is_none(String empty) {
    parameters.user = empty;
    parameters.server = empty;
    parameters.identityFile = empty;
    parameters.knownHosts = empty;
    parameters.hostKey = empty;
    parameters.hostKeyPolicy = empty;
    parameters.sshConfig = empty;
    parameters.proxyJump = empty;
    parameters.connectTimeout = empty;

    assertThat(parameters.ssh(project, servers())).isEqualTo(unset.ssh(project, servers()));
  }

  @Test
  void and_no_file_either() throws Exception {
    Path compose = Files.writeString(directory.resolve("compose.yaml"), "services: {}\n");
    parameters.composeFile = "";
    parameters.layerCache = "";
    parameters.files = "";
    parameters.filesLimit = "";

    assertThat(parameters.stack(project).composeFile()).isEqualTo(compose);
    assertThat(parameters.stack(project).files()).isEqualTo(FilesSpec.DEFAULT);
    assertThat(parameters.layerCache(project)).isEqualTo(unset.layerCache(project));
  }

  /** {@code <rpi.smokePath/>} in a module whose parent has a path, and the like. */
  @ParameterizedTest
  @ValueSource(strings = {"", " ", "none", "None"})
  void what_a_module_inherits_can_be_turned_off(String off) {
    parameters.smokePath = off;
    parameters.smokeBody = "UP";
    parameters.smokeTcp = off;
    parameters.smokeCommand = off;
    parameters.smokeVia = "tunnel";
    parameters.settle = "0";

    assertThat(parameters.smoke().tests()).isEmpty();
  }

  @SuppressWarnings("deprecation") // Maven has no other one
  private static Servers servers() {
    @Nullable PlexusContainer container = null;
    @Nullable RepositorySystemSession repositories = null;
    MavenSession session =
        new MavenSession(
            container,
            repositories,
            new DefaultMavenExecutionRequest(),
            new DefaultMavenExecutionResult());
    return new Servers(session, request -> null);
  }
}
