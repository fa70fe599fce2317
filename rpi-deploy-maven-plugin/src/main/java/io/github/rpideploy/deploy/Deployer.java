package io.github.rpideploy.deploy;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.history.HistoryWriter;
import io.github.rpideploy.deploy.look.StackView;
import io.github.rpideploy.deploy.ship.Candidate;
import io.github.rpideploy.deploy.ship.Release;
import io.github.rpideploy.deploy.ship.ShippedRelease;
import io.github.rpideploy.deploy.spec.Origin;
import io.github.rpideploy.deploy.spec.Predecessors;
import io.github.rpideploy.deploy.spec.ServiceSpec;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.deploy.stack.StackContext;
import io.github.rpideploy.deploy.verify.Pause;
import io.github.rpideploy.docker.Probe;
import io.github.rpideploy.docker.ProbeResult;
import io.github.rpideploy.docker.file.ComposeFile;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.report.Event;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Deploys services to one compose project on one Pi: step by step, or all steps in order.
 *
 * <p>One instance serves a whole build. Two of its threads never work on the Pi at once, but while
 * one waits for a service to become good, another may go on with an independent one.
 */
public final class Deployer implements AutoCloseable {

  private final Monitor monitor = new Monitor();
  private final StackContext context;
  private final Supplier<Origin> origin;
  private final LockedDeploy locked;
  private final Shipping shipping;
  private final Replacer replacer;
  private final Steps steps;
  private final Preview preview;
  private final PredecessorCheck predecessorCheck;
  private final ReleaseRollback releaseRollback;
  private final ProbedStack probed;

  /** Loads classes that the first deploy of a JVM needs, while a connection is being made. */
  public static void warmUp() {
    Probe.warmUp();
  }

  /**
   * Probes the Pi in one round trip: Docker, compose, what the Engine holds. Nothing is changed.
   *
   * @throws DeployException when the Pi lacks Docker or compose, or the local compose file cannot
   *     be read
   */
  public static Deployer connect(RemoteHost host, Stack stack, BuildContext build) {
    return new Deployer(ConnectedStack.of(host, stack, build), build);
  }

  private Deployer(ConnectedStack connected, BuildContext build) {
    this.context = connected.context();
    ProbeResult found = connected.found();
    this.origin = build.origin();
    HistoryWriter history =
        new HistoryWriter(
            context.docker(),
            found.contents(),
            context.directory().path(),
            build.reporter(),
            service ->
                context.orchestrator().nodes(service).stream()
                    .map(node -> node.docker().images())
                    .toList());
    this.locked = new LockedDeploy(context, build, history, connected.recorder());
    Pause pause = monitor.letting(build.pause());
    this.probed =
        new ProbedStack(context, found, connected.others(), locked.intents()::lock, pause);
    probed.reportEngine();
    this.shipping = new Shipping(context, build.compression());
    this.replacer =
        Replacer.of(
            context, locked, found.compose(), probed.rollouts(), history::longestStart, pause);
    this.steps = new Steps(replacer, context.reporter());
    this.preview = new Preview(context, shipping, replacer.unchanged());
    this.predecessorCheck = new PredecessorCheck(context);
    this.releaseRollback = new ReleaseRollback(context, locked, replacer, steps);
  }

  /**
   * Reports what {@link #deploy} would do, as one {@link Event.Planned} for each service in order.
   * Nothing is changed on the Pi.
   *
   * @throws DeployException when the deploy would certainly fail: the compose file has no place for
   *     a service, the Engine cannot run it, or there is too little space
   */
  public void plan(List<Candidate> candidates) {
    monitor.run(() -> preview.plan(candidates, probed));
  }

  /** Checks the compose file, which concerns all services; fails when no deploy can use it. */
  public void checkComposeFile() {
    monitor.run(() -> probed.compose().read());
  }

  /**
   * Checks that the predecessors of a service that this build does not deploy are good, and warns
   * where the compose file contradicts the order. Nothing is changed; later calls for the same
   * service do nothing.
   *
   * @throws DeployException when a predecessor is not good
   */
  public void check(Candidate candidate, Predecessors predecessors) {
    String service = candidate.service();
    monitor.run(
        () -> {
          steps.requireNoFailure(List.of(service));
          steps.run(
              List.of(service),
              () -> predecessorCheck.check(service, predecessors, probed.compose().read()));
        });
  }

  /**
   * Takes the deploy lock, or makes sure that it is still held.
   *
   * @param services those that have failed when it cannot be taken
   * @throws DeployException when it cannot be taken
   */
  void lock(List<String> services) {
    monitor.run(() -> steps.run(services, () -> begin(List.of())));
  }

  /** These services are left as they are, because another one, on another Pi, has failed. */
  void notDeployed(List<String> services, String culprit) {
    services.forEach(service -> steps.notDeployed(service, culprit));
  }

  /**
   * Rolls back what this build has replaced here, because a service on another Pi is not good.
   *
   * @param naming says on which Pi a line of text is
   * @return the failure as the user is to see it
   */
  DeployException rollBackAllAfter(DeployException failure, UnaryOperator<String> naming) {
    return monitor.call(() -> replacer.rollBackAllAfter(failure, naming));
  }

  /**
   * Sends the images of the given services to the Pi in one stream, as far as it lacks them.
   * Nothing live is touched.
   *
   * @throws DeployException when the compose file has no place for a service, or an image does not
   *     arrive usable
   */
  public void ship(List<Candidate> candidates) {
    ship(candidates, List.of());
  }

  /**
   * The same, but only some nodes of a swarm get them.
   *
   * @param nodes their names; empty for all on which the services may run
   */
  public void ship(List<Candidate> candidates, List<String> nodes) {
    List<String> services = candidates.stream().map(Candidate::service).toList();
    monitor.run(
        () -> {
          steps.requireNoFailure(services);
          steps.run(
              services,
              () -> {
                List<Release> releases = candidates.stream().map(probed::release).toList();
                begin(releases);
                probed.others().pull(Candidate.specs(candidates), probed.composeFile());
                shipping.ship(releases, probed.holdings(), nodes);
              });
        });
  }

  /**
   * Lets the service run the shipped release; no other service is touched. A service that already
   * runs it and is good stays unchanged.
   *
   * @throws DeployException when the release was not shipped or compose cannot recreate the
   *     service; it has been rolled back then, as the policy says
   */
  public void recreate(Candidate candidate) {
    String service = candidate.service();
    monitor.run(
        () -> {
          steps.requireNoFailure(List.of(service));
          steps.runLive(
              service,
              () -> {
                Release release = probed.release(candidate);
                begin(List.of(release));
                probed.others().start(candidate.spec(), probed.composeFile());
                replacer.replace(release.shipped());
              });
        });
  }

  /**
   * Waits until the service is proved good.
   *
   * @throws DeployException when it is not; its log has been collected then, and what this build
   *     has replaced has been rolled back, as the policy says
   */
  public void verify(Candidate candidate) {
    String service = candidate.service();
    monitor.run(
        () -> {
          if (!replacer.hasReplaced(service)) {
            steps.requireNoFailure(List.of(service));
          }
          steps.runLive(
              service,
              () -> {
                ShippedRelease release = probed.release(candidate).shipped();
                locked.enter(release);
                replacer.verify(release);
              });
        });
  }

  /**
   * Ships everything, then recreates and verifies one service after the other in the given order.
   *
   * @throws DeployException of the first service that fails; later ones are not touched
   */
  public void deploy(List<Candidate> candidates) {
    locked.finishAfter(
        monitor,
        () -> {
          ship(candidates);
          steps.inOrder(
              candidates,
              Candidate::service,
              candidate -> {
                recreate(candidate);
                verify(candidate);
              });
        },
        origin);
  }

  /**
   * Lets services run earlier releases that are on the Pi. Nothing is sent, and each is verified
   * before the next one is touched; one that is not good is rolled back, as after a deploy.
   *
   * @param services in the order in which they are deployed; the last one goes back first
   * @param to how many verified releases to go back, or a release tag
   * @throws DeployException when a service has no such release, and nothing was changed; or of the
   *     first service that fails
   */
  public void rollBack(List<ServiceSpec> services, String to) {
    locked.finishAfter(
        monitor,
        () ->
            monitor.run(
                () -> {
                  ComposeFile file = probed.composeFile();
                  begin(List.of());
                  releaseRollback.run(services, to, file);
                }),
        () -> origin.get().withoutBuild());
  }

  /** Shows services as they are; nothing is changed. */
  public StackView view() {
    return new StackView(context, probed.compose());
  }

  /** Adds what was done since the last call to the history on the Pi, and releases the lock. */
  public void finish() {
    monitor.run(() -> locked.finish(origin));
  }

  /** Says what becomes of a deploy that ends now, because the JVM does. */
  void interrupted() {
    locked.interrupted();
  }

  /** Finishes for the last time; the connection to the Pi belongs to the caller. */
  @Override
  public void close() {
    finish();
  }

  /** Takes the deploy lock, or makes sure that it is still held; the releases take part. */
  private void begin(List<Release> releases) {
    if (locked.begin()) {
      probed.outdate();
    }
    releases.forEach(release -> locked.enter(release.shipped()));
  }
}
