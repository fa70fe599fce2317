package io.github.rpideploy.maven;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.spec.Stack;
import java.util.List;
import javax.inject.Inject;
import javax.inject.Named;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.project.MavenProject;
import org.apache.maven.settings.crypto.SettingsDecrypter;
import org.codehaus.plexus.component.configurator.ComponentConfigurator;

/**
 * Lets services run an earlier release again that is still on the Pi, and verifies each as after a
 * deploy. Nothing is built or sent, and the compose file on the Pi stays as it is.
 *
 * <p>{@code mvn rpi:rollback} takes every service of the reactor back to the release before, the
 * last one first; {@code -Drpi.service=auth-server} only that one, {@code -Drpi.to} to an older or
 * to a certain release. What is there is shown by {@code mvn rpi:status}; {@code rpi.keep} says how
 * many releases stay. Called again without {@code -Drpi.to} it goes forth again, to the release
 * that ran before the rollback, if that was verified.
 *
 * @since 0.1.0
 */
@Mojo(name = "rollback", aggregator = true, threadSafe = true)
public final class RollbackMojo extends RpiMojo {

  /**
   * Where to go back to: how many verified releases by the history on the Pi ({@code 1} is the one
   * before), or a release tag ({@code rpi-3f9c2a1b77d0}, with or without the image's name), which
   * need not have been verified.
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.to", defaultValue = "1")
  String to;

  /** Called by Maven. */
  @Inject
  public RollbackMojo(
      @Named("basic") ComponentConfigurator configurator, SettingsDecrypter decrypter) {
    super(configurator, decrypter);
  }

  @Override
  void run(BuildSession build) {
    List<Parameters> modules = Participants.chosen(modules());
    if (modules.isEmpty()) {
      throw new DeployException(
          "No module of this build is a service; nothing can go back",
          "Run it at the root of the reactor; the Pi was not contacted");
    }
    Participants.requireOneStack(modules(), modules);
    List<Parameters> sorted =
        modules.size() == 1 ? modules : new ReactorOrder(modules(), this::steps).sorted(modules);
    deployer(sorted, Stack::asItIs, build)
        .rollBack(sorted.stream().map(m -> m.spec(root())).toList(), to);
  }

  @Override
  int steps(MavenProject module) {
    return 1;
  }
}
