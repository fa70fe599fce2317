package io.github.rpideploy.maven;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.Deployer;
import io.github.rpideploy.deploy.ship.Candidate;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.report.Event;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.plugin.MojoExecution;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.project.MavenProject;
import org.apache.maven.settings.crypto.SettingsDecrypter;
import org.codehaus.plexus.component.configurator.ComponentConfigurator;

/** What every deploying goal has: the session, and the one place that translates failures. */
abstract class RpiMojo extends Parameters {

  /** The running build. */
  @Parameter(defaultValue = "${session}", readonly = true, required = true)
  MavenSession session;

  /** This run of the goal. */
  @Parameter(defaultValue = "${mojoExecution}", readonly = true, required = true)
  MojoExecution execution;

  private final ComponentConfigurator configurator;
  private final SettingsDecrypter decrypter;

  /**
   * @param configurator Maven's own, to read the parameters of other modules
   * @param decrypter Maven's own, for what settings.xml says of the Pi
   */
  RpiMojo(ComponentConfigurator configurator, SettingsDecrypter decrypter) {
    this.configurator = configurator;
    this.decrypter = decrypter;
  }

  @Override
  public final void execute() throws MojoFailureException {
    BuildSession build = BuildSession.of(session, getLog());
    try {
      run(build);
    } catch (DeployException e) {
      getLog().debug(e);
      // No cause: Maven would print its message too, and the curated one says all.
      throw new MojoFailureException(e.getMessage() + "\n" + e.hint());
    } finally {
      if (isReported()) {
        build.writeReport();
      }
    }
  }

  /** Whether {@code deploy.json} tells of this goal. */
  boolean isReported() {
    return true;
  }

  /** What the goal does. */
  abstract void run(BuildSession build);

  /** How many steps it takes until the module's service is good; 0 when it takes no part. */
  abstract int steps(MavenProject module);

  /** The reactor's root. */
  MavenProject root() {
    return Reactor.root(session);
  }

  /** What settings.xml says. */
  Servers servers() {
    return new Servers(session, decrypter);
  }

  /** The parameters of any module of the reactor. */
  Parameters parametersOf(MavenProject module) {
    return ModuleParameters.of(session, module, execution, configurator);
  }

  /**
   * Whether two modules go to the same directory of the same Pi.
   *
   * @throws DeployException when one of them says too little
   */
  boolean haveOneTarget(Parameters one, Parameters other) {
    return one.ssh(root(), servers()).equals(other.ssh(root(), servers()))
        && one.stack(root()).equals(other.stack(root()));
  }

  /** Reads a module's tarball and says so when it looks stale; asks nothing of the Pi. */
  Candidate candidate(Parameters parameters, BuildSession build) {
    build.expectToConnect();
    Candidate candidate = Candidate.read(parameters.spec(root()));
    build.compression(parameters.layerCache(root())).start(candidate);
    StaleTarball.warning(parameters.project, candidate)
        .ifPresent(text -> build.reporter().report(new Event.Warning(text)));
    return candidate;
  }

  /** The deployer for a module's Pi. */
  Deployer deployer(Parameters parameters, BuildSession build) {
    return deployer(parameters, UnaryOperator.identity(), build);
  }

  private Deployer deployer(
      Parameters parameters, UnaryOperator<Stack> wanted, BuildSession build) {
    return build.deployer(
        parameters.ssh(root(), servers()),
        wanted.apply(parameters.stack(root())),
        DurationParameter.parseOrZero("lockTimeout", parameters.lockTimeout),
        parameters.layerCache(root()));
  }

  /**
   * The deployer for the Pi of several modules.
   *
   * @param wanted what is wanted of the stack that they name
   * @throws DeployException when there is none; each module has failed then
   */
  Deployer deployer(List<Parameters> modules, UnaryOperator<Stack> wanted, BuildSession build) {
    try {
      return deployer(modules.get(0), wanted, build);
    } catch (DeployException e) {
      modules.forEach(
          module ->
              build.reporter().report(new Event.Failed(module.serviceName(), e.getMessage())));
      throw e;
    }
  }

  /** Whether there is neither a project nor a directory named, so that no stack is meant. */
  boolean namesNoStack(Parameters parameters) {
    return root().getBasedir() == null && parameters.directory == null;
  }
}
