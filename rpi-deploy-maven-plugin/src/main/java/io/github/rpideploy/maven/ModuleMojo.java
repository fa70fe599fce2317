package io.github.rpideploy.maven;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.Candidate;
import io.github.rpideploy.deploy.Deployer;
import io.github.rpideploy.report.Event;
import java.util.Optional;

/** A goal that works on the module that Maven is at. */
abstract class ModuleMojo extends RpiMojo {

  @Override
  final void run(BuildSession build) {
    Optional<String> passedOver = Reactor.passedOver(this);
    if (passedOver.isPresent()) {
      build.reporter().report(new Event.PassedOver(project.getArtifactId(), passedOver.get()));
      return;
    }
    Candidate candidate = candidate(this, build);
    step(deployer(this, build), candidate);
  }

  /**
   * What the goal does with the module's service.
   *
   * @throws DeployException when it fails
   */
  abstract void step(Deployer deployer, Candidate candidate);
}
