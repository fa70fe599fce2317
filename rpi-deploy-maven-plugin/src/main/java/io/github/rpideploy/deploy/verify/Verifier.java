package io.github.rpideploy.deploy.verify;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.ship.ShippedRelease;
import io.github.rpideploy.deploy.spec.ServiceSpec;
import io.github.rpideploy.deploy.stack.ComposeDirectory;
import io.github.rpideploy.deploy.stack.Node;
import io.github.rpideploy.deploy.stack.Orchestrator;
import io.github.rpideploy.deploy.stack.Orchestrator.Arrival;
import io.github.rpideploy.deploy.stack.StackContext;
import io.github.rpideploy.deploy.verify.ContainerJudge.Judgement;
import io.github.rpideploy.docker.Container;
import io.github.rpideploy.docker.Docker;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.Reporter;
import io.github.rpideploy.report.Units;
import io.github.rpideploy.smoke.SmokeTest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Proves that a service is good: its container runs the right image, stays running, is healthy if
 * it has a health check, and passes its smoke tests.
 */
public final class Verifier {

  /** From check to check, also while a service settles: one that crashes must go back soon. */
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private static final String UNHEALTHY =
      " for "
          + Units.seconds(Deadline.UNHEALTHY)
          + " (one that only starts slowly needs a start_period in its health check, or rpi.timeout)";

  private final RemoteHost host;
  private final Docker docker;
  private final ComposeDirectory directory;
  private final Orchestrator orchestrator;
  private final Diagnosis diagnosis;
  private final Function<String, Optional<Duration>> longestStart;
  private final Reporter reporter;
  private final InstantSource clock;
  private final Pause pause;

  /**
   * @param longestStart how long a service took to become good before, by the history
   * @param pause how to wait between two checks
   */
  public Verifier(
      StackContext context,
      Diagnosis diagnosis,
      Function<String, Optional<Duration>> longestStart,
      Pause pause) {
    this.host = context.host();
    this.docker = context.docker();
    this.directory = context.directory();
    this.diagnosis = diagnosis;
    this.longestStart = longestStart;
    this.orchestrator = context.orchestrator();
    this.reporter = context.reporter();
    this.clock = context.clock();
    this.pause = pause;
  }

  /** Whether a service is good, and why. */
  public sealed interface Verdict {

    /** It is good, by this evidence, after this time. */
    record Good(String evidence, Duration elapsed) implements Verdict {}

    /** It is not good, or was not in time. Its log has been collected. */
    record Bad(String reason) implements Verdict {}
  }

  /**
   * Waits until a service that this build has not replaced is good; earlier restarts do not count
   * against it.
   *
   * @throws DeployException when it is not good in time, or can no longer become good; its log has
   *     been collected by then
   */
  public void verify(ShippedRelease release) {
    String image =
        docker.images().id(release.tag().familiar()).orElseThrow(() -> notShipped(release));
    List<String> containers = containers(release.service());
    require(release, prove(release.spec(), image, release.smoke(), false, containers));
  }

  /**
   * Waits until a service that this build has replaced is good.
   *
   * @param image the id of the release's image
   * @param smoke its smoke tests
   * @param containers those that this build has made for it
   * @throws DeployException as {@link #verify(ShippedRelease)}
   */
  public void verify(
      ShippedRelease release, String image, List<SmokeTest> smoke, List<String> containers) {
    require(release, prove(release.spec(), image, smoke, true, containers));
  }

  private void require(ShippedRelease release, Verdict verdict) {
    if (verdict instanceof Verdict.Good good) {
      reporter.report(new Event.Verified(release.service(), good.evidence(), good.elapsed()));
    } else if (verdict instanceof Verdict.Bad bad) {
      throw new DeployException(
          release.service() + " on " + host.name() + " is not good: " + bad.reason(),
          "Inspect it: " + directory.onThePi(orchestrator.commandsToSee(release.service())));
    }
  }

  /**
   * Waits until the service is good with an image of any build.
   *
   * @param image the id of the image
   * @param recreated whether this build has made the containers; otherwise earlier restarts do not
   *     count against them
   * @param made its containers, or what the orchestrator has told of what will make them
   */
  public Verdict prove(
      ServiceSpec spec, String image, List<SmokeTest> smoke, boolean recreated, List<String> made) {
    Instant start = clock.instant();
    Deadline deadline = deadline(spec, start);
    reporter.report(new Event.Verifying(spec.service(), checks(smoke), deadline.limit()));
    Arrival arrival = arrival(spec.service(), image, made, deadline, start);
    if (arrival instanceof Arrival.Never never) {
      return bad(spec, never.reason(), shown(never.container()), "");
    } else if (arrival instanceof Arrival.NotYet notYet) {
      return bad(spec, stillAfter(notYet.state(), deadline), Optional.empty(), "");
    }
    Arrival.Here here = (Arrival.Here) arrival;
    Replicas replicas =
        new Replicas(
            here.containers(),
            id -> orchestrator.nodeOf(id).inspect(id),
            (id, found) -> judge(spec.service(), id, image, smoke, recreated, found, start),
            pause,
            INTERVAL);
    Duration settle = spec.smoke().settle();
    Judgement judgement = replicas.judge(settle);
    while (judgement instanceof Judgement.NotYet notYet && !deadline.isPassed(since(start))) {
      if (deadline.isHopeless(replicas.isUnhealthy(), since(start))) {
        judgement = new Judgement.Bad(notYet.state() + UNHEALTHY);
        break;
      }
      pause.of(INTERVAL);
      replicas.look();
      judgement = replicas.judge(settle);
    }
    if (judgement instanceof Judgement.Good good) {
      return new Verdict.Good(good.evidence(), since(start));
    }
    String reason =
        judgement instanceof Judgement.NotYet notYet
            ? stillAfter(notYet.state(), deadline)
            : ((Judgement.Bad) judgement).reason();
    return bad(spec, reason, replicas.worst(), replicas.answer());
  }

  private Optional<Container> shown(String container) {
    return container.isEmpty()
        ? Optional.empty()
        : orchestrator.nodeOf(container).inspect(container);
  }

  private static String stillAfter(String state, Deadline deadline) {
    return state + ", still after " + Units.seconds(deadline.limit());
  }

  /** Waits until the containers are there, or will not come, or the deadline has passed. */
  private Arrival arrival(
      String service, String image, List<String> made, Deadline deadline, Instant start) {
    String last = "";
    while (true) {
      Arrival arrival = orchestrator.arrival(service, image, made);
      if (!(arrival instanceof Arrival.NotYet notYet) || deadline.isPassed(since(start))) {
        return arrival;
      }
      if (!notYet.state().equals(last)) {
        last = notYet.state();
        reporter.report(new Event.Waiting(service, last, since(start)));
      }
      pause.of(INTERVAL);
    }
  }

  private ContainerJudge judge(
      String service,
      String id,
      String image,
      List<SmokeTest> smoke,
      boolean recreated,
      Optional<Container> container,
      Instant start) {
    return new ContainerJudge(
        new SmokeTester(orchestrator.nodeOf(id)),
        image,
        smoke,
        recreated ? 0 : container.map(Container::restarts).orElse(0),
        state -> reporter.report(new Event.Waiting(service, state, since(start))));
  }

  private Verdict bad(ServiceSpec spec, String reason, Optional<Container> last, String answer) {
    return new Verdict.Bad(
        diagnosis
            .cause(spec, last.orElse(null), answer)
            .map(cause -> reason + "; cause: " + cause)
            .orElse(reason));
  }

  private Deadline deadline(ServiceSpec spec, Instant start) {
    String service = spec.service();
    return new Deadline(
        spec.patience(),
        () -> longestStart.apply(service),
        (earlier, limit) ->
            reporter.report(
                new Event.Waiting(
                    service,
                    "not good yet; an earlier start took %s, so this one may take %s"
                        .formatted(Units.seconds(earlier), Units.seconds(limit)),
                    since(start))));
  }

  /**
   * Checks once the containers of a service that this build has not replaced.
   *
   * @return why they are good; empty when one is not, or when that takes longer to tell
   */
  public Optional<String> checkOnce(
      List<Container> containers, String image, List<SmokeTest> smoke) {
    List<Optional<String>> checked =
        containers.stream().map(container -> checkOnce(container, image, smoke)).toList();
    return checked.stream().allMatch(Optional::isPresent) ? checked.get(0) : Optional.empty();
  }

  private Optional<String> checkOnce(Container container, String image, List<SmokeTest> smoke) {
    boolean nothingToAsk = smoke.isEmpty() && container.health().equals(Container.NO_HEALTH_CHECK);
    if (nothingToAsk) {
      // It may be running between two crashes.
      return container.image().equals(image) && container.running() && container.restarts() == 0
          ? Optional.of("running, no restart")
          : Optional.empty();
    }
    Node node = orchestrator.nodeOf(container.id());
    ContainerJudge judge =
        new ContainerJudge(new SmokeTester(node), image, smoke, container.restarts(), state -> {});
    return judge.judge(Optional.of(container)) instanceof Judgement.Good first
            && judge.stillGood(first, node.inspect(container.id())) instanceof Judgement.Good good
        ? Optional.of(good.evidence())
        : Optional.empty();
  }

  private Duration since(Instant start) {
    return Duration.between(start, clock.instant());
  }

  private static String checks(List<SmokeTest> smoke) {
    return "container and health"
        + smoke.stream().map(test -> ", " + test.shown()).collect(Collectors.joining());
  }

  private List<String> containers(String service) {
    List<String> ids = orchestrator.containers(service);
    if (ids.isEmpty()) {
      throw new DeployException(
          "Service " + service + " has no container on " + host.name(),
          "Recreate it: mvn rpi:recreate rpi:verify");
    }
    return ids;
  }

  private DeployException notShipped(ShippedRelease release) {
    return new DeployException(
        "Release "
            + release.tag().familiar()
            + " of "
            + release.service()
            + " is not on "
            + host.name()
            + ", where another build runs",
        "Ship it: mvn rpi:ship rpi:recreate rpi:verify; nothing was changed");
  }
}
