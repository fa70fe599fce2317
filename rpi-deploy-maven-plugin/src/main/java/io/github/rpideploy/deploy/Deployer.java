package io.github.rpideploy.deploy;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.history.History;
import io.github.rpideploy.deploy.history.HistoryRecorder;
import io.github.rpideploy.deploy.history.HistoryWriter;
import io.github.rpideploy.deploy.look.StackView;
import io.github.rpideploy.deploy.ship.Candidate;
import io.github.rpideploy.deploy.ship.Holdings;
import io.github.rpideploy.deploy.ship.LayerCompression;
import io.github.rpideploy.deploy.ship.Release;
import io.github.rpideploy.deploy.ship.ShippedRelease;
import io.github.rpideploy.deploy.ship.Shipper;
import io.github.rpideploy.deploy.spec.LockRequest;
import io.github.rpideploy.deploy.spec.Origin;
import io.github.rpideploy.deploy.spec.Predecessors;
import io.github.rpideploy.deploy.spec.ServiceSpec;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.deploy.stack.ComposeDirectory;
import io.github.rpideploy.deploy.verify.Diagnosis;
import io.github.rpideploy.deploy.verify.Pause;
import io.github.rpideploy.deploy.verify.Verifier;
import io.github.rpideploy.docker.ComposeAnswer;
import io.github.rpideploy.docker.ComposeFile;
import io.github.rpideploy.docker.Docker;
import io.github.rpideploy.docker.Engine;
import io.github.rpideploy.docker.EngineContents;
import io.github.rpideploy.docker.Inventory;
import io.github.rpideploy.docker.Probe;
import io.github.rpideploy.docker.ProbeResult;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.Reporter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Deploys services to one compose project on one Pi: the steps one by one, or all of them in order.
 *
 * <p>One instance serves a whole build. Its steps exclude each other: two threads of a parallel
 * build never work on the Pi at once. While one waits for a service to become good, though, another
 * goes on with one that need not wait for it.
 */
public final class Deployer implements AutoCloseable {

  private final Monitor monitor = new Monitor();
  private final RemoteHost host;
  private final Stack stack;
  private final Supplier<Origin> origin;
  private final HistoryRecorder reporter;
  private final LockedDeploy changes;
  private final Docker docker;
  private final ComposeDirectory directory;
  private final Shipper shipper;
  private final Preview preview;
  private final Replacer replacer;
  private final PredecessorCheck predecessorCheck;

  /** What was found at first; taken by the first ship, because later it may be otherwise. */
  private @Nullable EngineContents contents;

  private final ComposeAnswer compose;
  private @Nullable ComposeFile composeFile;
  private @Nullable String failed;

  /**
   * Does in memory what the first deploy of a JVM would do slowly: loading classes is better done
   * while a connection is being made.
   */
  public static void warmUp() {
    ComposeFile.warmUp();
  }

  /** One without a name that sends layers as they lie in their tarballs. */
  public Deployer(
      RemoteHost host, Stack stack, Reporter reporter, InstantSource clock, Pause pause) {
    this(
        host,
        stack,
        new LockRequest("", Duration.ofMinutes(5)),
        () -> Origin.UNKNOWN,
        LayerCompression.none(),
        reporter,
        clock,
        pause);
  }

  /**
   * Finds Docker on the Pi and looks at what is there; nothing is changed.
   *
   * @param lockRequest for the lock that is taken before the first change
   * @param origin what the history on the Pi is to say of it; asked when something was done
   * @param compression makes layers smaller that are sent
   * @throws DeployException when the Pi lacks Docker or compose, or the local compose file cannot
   *     be read
   */
  public Deployer(
      RemoteHost host,
      Stack stack,
      LockRequest lockRequest,
      Supplier<Origin> origin,
      LayerCompression compression,
      Reporter onwards,
      InstantSource clock,
      Pause pause) {
    this.host = host;
    this.stack = stack;
    this.origin = origin;
    this.reporter = new HistoryRecorder(onwards);
    String wanted = ComposeDirectory.wanted(stack);
    ProbeResult look = Probe.of(host, stack.directory(), wanted, stack.sudo());
    this.docker = look.docker();
    this.contents = look.contents();
    this.compose = look.compose();
    HistoryWriter ledger = new HistoryWriter(docker, stack.directory(), onwards);
    this.changes = new LockedDeploy(host, stack.directory(), lockRequest, ledger, reporter, clock);
    this.directory = new ComposeDirectory(host, docker, stack, wanted, reporter);
    this.shipper = new Shipper(host, docker, compression, reporter, clock);
    Diagnosis diagnosis = new Diagnosis(docker, directory, compose::read, reporter, clock);
    Recreator recreator = new Recreator(host, docker, directory, diagnosis, reporter, clock);
    Verifier verifier =
        new Verifier(
            host,
            docker,
            directory,
            diagnosis,
            ledger::longestStart,
            reporter,
            clock,
            monitor.letting(pause));
    Unchanged unchanged = new Unchanged(directory, verifier);
    this.replacer =
        new Replacer(
            directory,
            unchanged,
            recreator,
            verifier,
            new Rollback(docker, directory, recreator, verifier, diagnosis, reporter, clock),
            reporter);
    this.preview = new Preview(host, docker, directory, unchanged, reporter);
    this.predecessorCheck = new PredecessorCheck(host.name(), docker, directory, reporter);
    Engine engine = docker.engine();
    reporter.report(
        new Event.EngineFound(
            host.name(),
            stack.directory(),
            engine.version(),
            engine.store(),
            engine.architecture(),
            docker.composeVersion()));
  }

  /**
   * Reports what {@link #deploy} would do, as one {@link Event.Planned} for each service in order.
   * Nothing at all is changed on the Pi.
   *
   * @throws DeployException when the deploy would fail already: the compose file has no place for
   *     one of them, the Engine cannot run it, or there is too little space
   */
  public void plan(List<Candidate> candidates) {
    monitor.run(
        () -> {
          ComposeFile file = compose.read();
          List<Release> releases =
              candidates.stream()
                  .map(
                      candidate ->
                          Release.of(candidate, file, directory.described(), host.hostName()))
                  .toList();
          releases.forEach(shipper::requireRunnable);
          preview.report(releases, holdings(), shipper.recompressor());
        });
  }

  /**
   * Looks whether what goes before a service is good, as far as this build does not deploy it, and
   * warns where the compose file says otherwise. Nothing is changed; later calls for the same
   * service do nothing.
   *
   * @throws DeployException when something that goes before it is not good
   */
  public void check(Candidate candidate, Predecessors predecessors) {
    monitor.run(
        () ->
            unlessFailed(
                List.of(candidate.service()),
                () -> predecessorCheck.check(candidate.service(), predecessors, compose.read())));
  }

  /**
   * Brings the images of the given services to the Pi in one stream, as far as it lacks them.
   * Nothing live is touched.
   *
   * @throws DeployException when the compose file has no place for one of them, or one does not
   *     arrive usable
   */
  public void ship(List<Candidate> candidates) {
    monitor.run(
        () ->
            unlessFailed(
                candidates.stream().map(Candidate::service).toList(),
                () -> {
                  List<Release> releases = candidates.stream().map(this::release).toList();
                  begin();
                  shipper.ship(releases, holdings());
                }));
  }

  /**
   * Lets the service run the shipped release; no other service is touched. One that runs it already
   * and is good is left alone.
   *
   * @throws DeployException when its release was not shipped or compose cannot recreate it; what
   *     ran before is back then, as far as the policy asks for it
   */
  public void recreate(Candidate candidate) {
    monitor.run(
        () ->
            unlessFailed(
                List.of(candidate.service()),
                () -> {
                  ShippedRelease release = release(candidate).shipped();
                  begin();
                  replacer.replace(release);
                }));
  }

  /**
   * Waits until the service is proved good.
   *
   * @throws DeployException when it is not; its log has been collected then, and what this build
   *     has replaced is back, as far as the policy asks for it
   */
  public void verify(Candidate candidate) {
    List<String> service = List.of(candidate.service());
    Runnable step = () -> replacer.verify(release(candidate).shipped());
    monitor.run(
        () -> {
          if (replacer.hasReplaced(candidate.service())) {
            attempt(service, step);
          } else {
            unlessFailed(service, step);
          }
        });
  }

  /**
   * Ships everything, then recreates and verifies one service after the other in the given order.
   *
   * @throws DeployException of the first service that fails; later ones are not touched
   */
  public void deploy(List<Candidate> candidates) {
    try {
      deployInOrder(candidates);
    } finally {
      close();
    }
  }

  private void deployInOrder(List<Candidate> candidates) {
    ship(candidates);
    inOrder(
        candidates,
        Candidate::service,
        candidate -> {
          recreate(candidate);
          verify(candidate);
        });
  }

  /** One after the other; those after one that fails are not touched. */
  private <T> void inOrder(List<T> all, Function<T, String> service, Consumer<T> step) {
    for (int i = 0; i < all.size(); i++) {
      T one = all.get(i);
      try {
        step.accept(one);
      } catch (DeployException e) {
        all.subList(i + 1, all.size())
            .forEach(later -> notDeployed(service.apply(later), service.apply(one)));
        throw e;
      }
    }
  }

  /**
   * Lets services run earlier releases that are on the Pi; nothing is sent, and each is verified
   * before the next one is touched. One that is not good goes back to what ran before, as for a
   * deploy.
   *
   * @param services in the order in which they are deployed: the last one goes back first
   * @param to how many verified releases to go back, or a release tag
   * @throws DeployException when one has no such release, and nothing was changed; or of the first
   *     service that fails
   */
  public void rollBack(List<ServiceSpec> services, String to) {
    try {
      monitor.run(() -> goBack(services, to));
    } finally {
      monitor.run(() -> changes.end(() -> origin.get().withoutBuild()));
    }
  }

  private void goBack(List<ServiceSpec> services, String to) {
    ComposeFile file = composeFile();
    begin();
    Inventory inventory = docker.inventory(stack.directory(), "");
    RollbackTarget destination =
        new RollbackTarget(History.parse(inventory.history()), inventory, host.name());
    List<ShippedRelease> releases = new ArrayList<>();
    for (ServiceSpec spec : services) {
      releases.add(0, destination.release(spec, file, directory, docker, to));
    }
    inOrder(
        releases,
        ShippedRelease::service,
        release -> {
          changes.enter(release.service(), release.live(), release.spec().policy());
          reporter.report(new Event.RollingBack(release.service(), release.tag().familiar()));
          attempt(List.of(release.service()), () -> replacer.replace(release));
          attempt(List.of(release.service()), () -> replacer.verify(release));
        });
  }

  /** For looking at services; nothing is changed by that. */
  public StackView view() {
    return new StackView(docker, directory, stack.directory(), compose);
  }

  private Holdings holdings() {
    EngineContents found = contents == null ? docker.images().contents() : contents;
    contents = null;
    return Holdings.of(docker.engine(), found);
  }

  /**
   * Notes on the Pi what was done there since the last call, if anything, and lets others deploy.
   */
  @Override
  public void close() {
    monitor.run(() -> changes.end(origin));
  }

  private void begin() {
    if (changes.begin()) {
      // After another deploy it may be otherwise than it was found at first.
      contents = null;
    }
  }

  private Release release(Candidate candidate) {
    Release release = Release.of(candidate, composeFile(), directory.described(), host.hostName());
    changes.enter(release.service(), release.live(), candidate.spec().policy());
    return release;
  }

  private ComposeFile composeFile() {
    ComposeFile read = composeFile;
    if (read == null) {
      read = compose.readForDeploy();
      composeFile = read;
    }
    return read;
  }

  /**
   * In one build no service is touched after another one has failed, whatever Maven goes on with.
   */
  private void unlessFailed(List<String> services, Runnable step) {
    String culprit = failed;
    if (culprit != null) {
      services.forEach(service -> notDeployed(service, culprit));
      throw new DeployException(
          String.join(", ", services) + " is not deployed: " + culprit + " failed before",
          "Mend " + culprit + " first");
    }
    attempt(services, step);
  }

  private void notDeployed(String service, String culprit) {
    reporter.report(new Event.NotDeployed(service, culprit + " failed before it"));
  }

  private void attempt(List<String> services, Runnable step) {
    try {
      step.run();
    } catch (DeployException e) {
      if (failed == null) {
        failed = String.join(", ", services);
      }
      for (String service : services) {
        reporter.report(new Event.Failed(service, e.getMessage()));
      }
      throw services.size() == 1 ? replacer.after(e, services.get(0)) : e;
    }
  }
}
