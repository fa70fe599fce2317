package io.github.rpideploy.maven;

import io.github.rpideploy.DeployException;
import java.io.File;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.maven.model.ConfigurationContainer;
import org.apache.maven.model.Plugin;
import org.apache.maven.model.PluginManagement;
import org.apache.maven.plugin.MojoExecution;
import org.apache.maven.project.MavenProject;
import org.codehaus.plexus.util.xml.Xpp3Dom;
import org.jspecify.annotations.Nullable;

/** What a module's effective POM says about the jib-maven-plugin, which makes its image tarball. */
final class Jib {

  private static final String KEY = "com.google.cloud.tools:jib-maven-plugin";

  private Jib() {}

  /** Whether the module's build runs it. */
  static boolean isInBuild(MavenProject module) {
    return inBuild(module).isPresent();
  }

  /** Whether that is a goal of it. */
  static boolean isOf(MojoExecution goal) {
    return goal.getPlugin().getKey().equals(KEY);
  }

  /** Whether it is configured for the module, but not in its build. */
  static boolean isOnlyManaged(MavenProject module) {
    // In Maven 4 it is null where there is no project.
    PluginManagement management = module.getPluginManagement();
    return management != null && !isInBuild(module) && in(management.getPlugins()).isPresent();
  }

  /**
   * Whether it skips the module, as Jib decides it: its configuration, or else the property. Where
   * it has several executions, all of them must skip.
   *
   * @param property what Maven makes of {@code jib.skip}
   */
  static boolean isSkipped(MavenProject module, @Nullable String property) {
    return inBuild(module)
        .filter(jib -> containers(jib).allMatch(container -> skips(container, property)))
        .isPresent();
  }

  /** Whether that is the file that it writes by default. */
  static boolean writes(MavenProject module, File tarball) {
    return tarball.equals(new File(module.getBuild().getDirectory(), "jib-image.tar"));
  }

  /**
   * @throws DeployException when the tarball would be Jib's, is not there, and the module's build
   *     does not run Jib
   */
  static void requireTarball(MavenProject module, File tarball) {
    if (isInBuild(module) || !writes(module, tarball) || tarball.exists()) {
      return;
    }
    throw new DeployException(
        "There is no image tarball "
            + tarball
            + ", and no jib-maven-plugin in the build of "
            + module.getArtifactId()
            + ", which would make it",
        "Where something else makes the image tarball, name it in the module's POM:"
            + " <properties><rpi.imageTar>target/image.tar</rpi.imageTar></properties>, and build"
            + " it first. Or add jib-maven-plugin to <build><plugins>, and run: mvn package"
            + " jib:buildTar");
  }

  /**
   * What to do where it is only in the plugin management.
   *
   * @param failure what that has led to
   */
  static DeployException onlyManaged(String failure) {
    return new DeployException(
        failure,
        """
        The Pi was not contacted. <pluginManagement> configures a plugin but does not run it. Add this to the POM of each module that is a service:
        <build>
          <plugins>
            <plugin>
              <groupId>com.google.cloud.tools</groupId>
              <artifactId>jib-maven-plugin</artifactId>
            </plugin>
          </plugins>
        </build>""");
  }

  private static Optional<Plugin> inBuild(MavenProject module) {
    return in(module.getBuildPlugins());
  }

  private static Optional<Plugin> in(List<Plugin> plugins) {
    return plugins.stream().filter(plugin -> plugin.getKey().equals(KEY)).findFirst();
  }

  /** In an effective POM, an execution has the plugin's configuration too. */
  private static Stream<? extends ConfigurationContainer> containers(Plugin jib) {
    List<? extends ConfigurationContainer> executions =
        jib.getExecutions().stream().filter(some -> !some.getGoals().isEmpty()).toList();
    return executions.isEmpty() ? Stream.of(jib) : executions.stream();
  }

  private static boolean skips(ConfigurationContainer container, @Nullable String property) {
    Xpp3Dom skip =
        container.getConfiguration() instanceof Xpp3Dom configuration
            ? configuration.getChild("skip")
            : null;
    return Boolean.parseBoolean(skip == null ? property : skip.getValue());
  }
}
