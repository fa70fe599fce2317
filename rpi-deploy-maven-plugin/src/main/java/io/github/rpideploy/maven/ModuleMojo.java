package io.github.rpideploy.maven;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.Candidate;
import io.github.rpideploy.deploy.Deployer;
import io.github.rpideploy.report.Event;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.maven.project.MavenProject;
import org.apache.maven.settings.crypto.SettingsDecrypter;
import org.codehaus.plexus.component.configurator.ComponentConfigurator;

/** A goal that works on the module that Maven is at. */
abstract class ModuleMojo extends RpiMojo {

  ModuleMojo(ComponentConfigurator configurator, SettingsDecrypter decrypter) {
    super(configurator, decrypter);
  }

  @Override
  final void run(BuildSession build) {
    Optional<String> passedOver = Reactor.passedOver(this);
    if (passedOver.isPresent()) {
      build.reporter().report(new Event.PassedOver(project.getArtifactId(), passedOver.get()));
      return;
    }
    try {
      prepare(build).run();
    } catch (DeployException e) {
      laterServices()
          .map(later -> new Event.NotDeployed(later, serviceName() + " failed before it"))
          .forEach(build.reporter()::report);
      throw e;
    }
  }

  /** What can fail before the deployer, which reports its own failures, has the service. */
  private Runnable prepare(BuildSession build) {
    try {
      Candidate candidate = candidate(this, build);
      Deployer deployer = deployer(this, build);
      return () -> step(deployer, candidate);
    } catch (DeployException e) {
      build.reporter().report(new Event.Failed(serviceName(), e.getMessage()));
      throw e;
    }
  }

  private Stream<String> laterServices() {
    List<MavenProject> modules = session.getProjects();
    return modules.subList(modules.indexOf(project) + 1, modules.size()).stream()
        .flatMap(this::readable)
        .filter(later -> Reactor.passedOver(later).isEmpty())
        .map(Parameters::serviceName);
  }

  /** None when they cannot be read: it is not the failure that is being told of. */
  private Stream<Parameters> readable(MavenProject module) {
    try {
      return Stream.of(parametersOf(module));
    } catch (DeployException e) {
      return Stream.empty();
    }
  }

  /**
   * What the goal does with the module's service.
   *
   * @throws DeployException when it fails
   */
  abstract void step(Deployer deployer, Candidate candidate);
}
