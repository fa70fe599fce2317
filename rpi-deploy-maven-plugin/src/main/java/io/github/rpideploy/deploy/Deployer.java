package io.github.rpideploy.deploy;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.docker.Book;
import io.github.rpideploy.docker.ComposeAnswer;
import io.github.rpideploy.docker.ComposeFile;
import io.github.rpideploy.docker.Docker;
import io.github.rpideploy.docker.Engine;
import io.github.rpideploy.docker.FirstLook;
import io.github.rpideploy.docker.Survey;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.Reporter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Deploys services to one compose project on one Pi: the steps one by one, or all of them in order.
 *
 * <p>One instance serves a whole build. Its steps exclude each other: two threads of a parallel
 * build never work on the Pi at once.
 */
public final class Deployer implements AutoCloseable {

  private final RemoteHost host;
  private final Stack stack;
  private final LockRequest lockRequest;
  private final Chronicle reporter;
  private final InstantSource clock;
  private final Origin origin;
  private final Ledger ledger;
  private final Docker docker;
  private final ComposeDirectory directory;
  private final Shipper shipper;
  private final Recreator recreator;
  private final Verifier verifier;
  private final Preview preview;
  private final Unchanged asItIs;
  private final WayBack wayBack;
  private final PredecessorCheck predecessorCheck;

  /** The services that it has found good as they were. */
  private final Set<String> unchanged = new HashSet<>();

  /** What was found at first; taken by the first ship, because later it may be otherwise. */
  private @Nullable Survey survey;

  private @Nullable DeployLock lock;
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
        Origin.UNKNOWN,
        LayerCompression.none(),
        reporter,
        clock,
        pause);
  }

  /**
   * Finds Docker on the Pi and looks at what is there; nothing is changed.
   *
   * @param lockRequest for the lock that is taken before the first change
   * @param origin what the history on the Pi is to say of it
   * @param compression makes layers smaller that are sent
   * @throws DeployException when the Pi lacks Docker or compose, or the local compose file cannot
   *     be read
   */
  public Deployer(
      RemoteHost host,
      Stack stack,
      LockRequest lockRequest,
      Origin origin,
      LayerCompression compression,
      Reporter onwards,
      InstantSource clock,
      Pause pause) {
    this.host = host;
    this.stack = stack;
    this.lockRequest = lockRequest;
    this.origin = origin;
    this.clock = clock;
    this.reporter = new Chronicle(onwards);
    String wanted = ComposeDirectory.wanted(stack);
    FirstLook look = Docker.on(host, stack.directory(), wanted, stack.sudo());
    this.docker = look.docker();
    this.survey = look.survey();
    this.compose = look.compose();
    Engine engine = docker.engine();
    this.ledger = new Ledger(docker, stack.directory(), onwards);
    this.directory = new ComposeDirectory(host, docker, stack, wanted, reporter);
    this.shipper = new Shipper(host, docker, compression, reporter, clock);
    this.recreator = new Recreator(host, docker, directory, reporter, clock);
    Inquiry inquiry =
        new Inquiry(docker, directory, compose::read, recreator::composeSaid, reporter, clock);
    this.verifier = new Verifier(host, docker, directory, inquiry, reporter, clock, pause);
    this.asItIs = new Unchanged(directory, verifier);
    this.preview = new Preview(host, docker, directory, asItIs, reporter);
    this.wayBack = new WayBack(docker, directory, recreator, verifier, inquiry, reporter, clock);
    this.predecessorCheck = new PredecessorCheck(host.name(), docker, directory, reporter);
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
  public synchronized void plan(List<Candidate> candidates) {
    ComposeFile file = compose.read();
    List<Release> releases =
        candidates.stream()
            .map(candidate -> Release.of(candidate, file, directory.described(), host.hostName()))
            .toList();
    releases.forEach(shipper::requireRunnable);
    preview.report(releases, holdings(), shipper.recompressor());
  }

  /**
   * Looks whether what goes before a service is good, as far as this build does not deploy it, and
   * warns where the compose file says otherwise. Nothing is changed; later calls for the same
   * service do nothing.
   *
   * @throws DeployException when something that goes before it is not good
   */
  public synchronized void check(Candidate candidate, Predecessors predecessors) {
    requireNoFailure(List.of(candidate.service()));
    attempt(
        List.of(candidate.service()),
        () -> predecessorCheck.check(candidate.service(), predecessors, compose.read()));
  }

  /**
   * Brings the images of the given services to the Pi in one stream, as far as it lacks them.
   * Nothing live is touched.
   *
   * @throws DeployException when the compose file has no place for one of them, or one does not
   *     arrive usable
   */
  public synchronized void ship(List<Candidate> candidates) {
    requireNoFailure(names(candidates));
    attempt(
        names(candidates),
        () -> {
          List<Release> releases = candidates.stream().map(this::release).toList();
          requireLock();
          shipper.ship(releases, holdings());
        });
  }

  /**
   * Lets the service run the shipped release; no other service is touched. One that runs it already
   * and is good is left alone.
   *
   * @throws DeployException when its release was not shipped or compose cannot recreate it; what
   *     ran before is back then, as far as the policy asks for it
   */
  public synchronized void recreate(Candidate candidate) {
    requireNoFailure(List.of(candidate.service()));
    attempt(
        List.of(candidate.service()),
        () -> {
          ShippedRelease release = release(candidate).shipped();
          requireLock();
          replace(release);
        });
  }

  /**
   * Waits until the service is proved good.
   *
   * @throws DeployException when it is not; its log has been collected then, and what this build
   *     has replaced is back, as far as the policy asks for it
   */
  public synchronized void verify(Candidate candidate) {
    String service = candidate.service();
    if (!wayBack.has(service)) {
      requireNoFailure(List.of(candidate.service()));
    }
    if (unchanged.contains(service)) {
      return;
    }
    attempt(
        List.of(candidate.service()),
        () -> verifier.verify(release(candidate).shipped(), wayBack.has(service)));
  }

  /**
   * Ships everything, then recreates and verifies one service after the other in the given order.
   *
   * @throws DeployException of the first service that fails; later ones are not touched
   */
  public synchronized void deploy(List<Candidate> candidates) {
    try {
      deployInOrder(candidates);
    } finally {
      close();
    }
  }

  private void deployInOrder(List<Candidate> candidates) {
    ship(candidates);
    for (int i = 0; i < candidates.size(); i++) {
      try {
        recreate(candidates.get(i));
        verify(candidates.get(i));
      } catch (DeployException e) {
        String culprit = candidates.get(i).service();
        candidates
            .subList(i + 1, candidates.size())
            .forEach(later -> notDeployed(later.service(), culprit));
        throw e;
      }
    }
  }

  private void replace(ShippedRelease release) {
    Replacement replacement = recreator.look(release);
    reporter.looked(replacement);
    directory.upload();
    Optional<String> evidence = asItIs.evidence(replacement);
    if (evidence.isPresent()) {
      recreator.name(release);
      unchanged.add(release.service());
      reporter.report(new Event.Unchanged(release.service(), evidence.get()));
    } else {
      wayBack.add(replacement);
      recreator.recreate(release);
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
  public synchronized void rollBack(List<ServiceSpec> services, String to) {
    try {
      goBack(services, to);
    } finally {
      close();
    }
  }

  private void goBack(List<ServiceSpec> services, String to) {
    ComposeFile file = composeFile();
    requireLock();
    Book book = docker.book(stack.directory(), "");
    Destination destination = new Destination(History.parse(book.history()), book, host.name());
    List<ShippedRelease> releases = new ArrayList<>();
    for (ServiceSpec spec : services) {
      releases.add(0, destination.release(spec, file, directory, docker, to));
    }
    for (int i = 0; i < releases.size(); i++) {
      ShippedRelease release = releases.get(i);
      String service = release.service();
      ledger.enter(service, release.live(), release.spec().policy());
      try {
        attempt(List.of(service), () -> replace(release));
        if (!unchanged.contains(service)) {
          attempt(List.of(service), () -> verifier.verify(release, true));
        }
      } catch (DeployException e) {
        releases.stream().skip(i + 1L).forEach(later -> notDeployed(later.service(), service));
        throw e;
      }
    }
  }

  /**
   * How services are; nothing is changed.
   *
   * @param services their names; all of the compose file when empty
   * @throws DeployException when the compose file does not know one of them
   */
  public synchronized List<ServiceStatus> status(List<String> services) {
    return inspection().status(services);
  }

  /**
   * Shows the logs of services; nothing is changed.
   *
   * @param services as for {@link #status}
   * @throws DeployException when the compose file does not know one of them, or the environment of
   *     a container cannot be read, so that secrets would not be known
   */
  public void logs(List<String> services, LogQuery query, LogSink sink) {
    inspection().logs(services, query, sink);
  }

  private Inspection inspection() {
    return new Inspection(docker, directory, stack.directory(), compose);
  }

  private static List<String> names(List<Candidate> candidates) {
    return candidates.stream().map(Candidate::service).toList();
  }

  private Holdings holdings() {
    Survey found = survey == null ? docker.survey() : survey;
    survey = null;
    return Holdings.of(docker.engine(), found);
  }

  /**
   * Notes on the Pi what was done there since the last call, if anything, and lets others deploy.
   */
  @Override
  public synchronized void close() {
    if (lock != null) {
      // An interrupted thread can run no command any more.
      if (!reporter.isEmpty() && lock.isHeld() && !Thread.currentThread().isInterrupted()) {
        ledger.close(reporter.take(clock.instant(), origin));
      }
      lock.close();
      lock = null;
    }
  }

  private void requireLock() {
    if (lock == null) {
      lock = DeployLock.take(host, stack.directory(), lockRequest, reporter);
      if (lock.waited()) {
        survey = null;
      }
    }
    lock.requireHeld();
  }

  private Release release(Candidate candidate) {
    Release release = Release.of(candidate, composeFile(), directory.described(), host.hostName());
    ledger.enter(release.service(), release.live(), candidate.spec().policy());
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
  private void requireNoFailure(List<String> services) {
    String culprit = failed;
    if (culprit != null) {
      services.forEach(service -> notDeployed(service, culprit));
      throw new DeployException(
          String.join(", ", services) + " is not deployed: " + culprit + " failed before",
          "Mend " + culprit + " first");
    }
  }

  private void notDeployed(String service, String culprit) {
    reporter.report(new Event.NotDeployed(service, culprit + " failed before it"));
  }

  private void attempt(List<String> services, Runnable step) {
    try {
      step.run();
    } catch (DeployException e) {
      failed = String.join(", ", services);
      for (String service : services) {
        reporter.report(new Event.Failed(service, e.getMessage()));
      }
      throw services.size() == 1 ? wayBack.after(e, services.get(0)) : e;
    }
  }
}
