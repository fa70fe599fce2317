package io.github.rpideploy.deploy.verify;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.spec.ServiceSpec;
import io.github.rpideploy.deploy.stack.Node;
import io.github.rpideploy.deploy.stack.Orchestrator;
import io.github.rpideploy.deploy.stack.Orchestrator.Arrival;
import io.github.rpideploy.deploy.stack.StackContext;
import io.github.rpideploy.deploy.verify.ContainerJudge.Judgement;
import io.github.rpideploy.deploy.verify.Verifier.Verdict;
import io.github.rpideploy.docker.Container;
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

/** Waits until one service is good, or cannot become good, or its time is up. */
final class Proving {

  /** From check to check, also while a service settles: one that crashes must go back soon. */
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private static final String UNHEALTHY =
      " for "
          + Units.seconds(Deadline.UNHEALTHY)
          + " (one that only starts slowly needs a start_period in its health check, or rpi.timeout)";

  private final Orchestrator orchestrator;
  private final Diagnosis diagnosis;
  private final Reporter reporter;
  private final InstantSource clock;
  private final Pause pause;
  private final ServiceSpec spec;
  private final String image;
  private final List<SmokeTest> smoke;
  private final boolean recreated;
  private final Instant start;
  private final Deadline deadline;
  private String lastState = "";

  /** A machine that is not the Pi itself does not answer: its containers may be elsewhere soon. */
  private static final class Unanswered extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Unanswered(DeployException failure) {
      super(failure.getMessage(), failure);
    }
  }

  /** Its parameters are those of {@link Verifier#prove}. */
  Proving(
      StackContext context,
      Diagnosis diagnosis,
      Function<String, Optional<Duration>> longestStart,
      Pause pause,
      ServiceSpec spec,
      String image,
      List<SmokeTest> smoke,
      boolean recreated) {
    this.orchestrator = context.orchestrator();
    this.diagnosis = diagnosis;
    this.reporter = context.reporter();
    this.clock = context.clock();
    this.pause = pause;
    this.spec = spec;
    this.image = image;
    this.smoke = smoke;
    this.recreated = recreated;
    this.start = clock.instant();
    this.deadline = deadline(longestStart);
  }

  /**
   * @param made its containers, or what the orchestrator has told of what will make them
   */
  Verdict run(List<String> made) {
    reporter.report(new Event.Verifying(spec.service(), checks(smoke), deadline.limit()));
    while (true) {
      Arrival arrival = arrival(made);
      if (arrival instanceof Arrival.Never never) {
        return bad(never.reason(), shown(never.container()), "");
      } else if (arrival instanceof Arrival.NotYet notYet) {
        return bad(stillAfter(notYet.state()), Optional.empty(), "");
      }
      try {
        return judged(((Arrival.Here) arrival).containers());
      } catch (Unanswered e) {
        if (deadline.isPassed(since())) {
          return bad(stillAfter(String.valueOf(e.getMessage())), Optional.empty(), "");
        }
        waiting(String.valueOf(e.getMessage()));
        pause.of(INTERVAL);
      }
    }
  }

  /** Waits until the containers are there, or will not come, or the deadline has passed. */
  private Arrival arrival(List<String> made) {
    while (true) {
      Arrival arrival = orchestrator.arrival(spec.service(), image, made);
      if (!(arrival instanceof Arrival.NotYet notYet) || deadline.isPassed(since())) {
        return arrival;
      }
      waiting(notYet.state());
      pause.of(INTERVAL);
    }
  }

  private Verdict judged(List<String> containers) {
    Replicas replicas = new Replicas(containers, this::inspect, this::judge, pause, INTERVAL);
    Duration settle = spec.smoke().settle();
    Judgement judgement = replicas.judge(settle);
    while (judgement instanceof Judgement.NotYet notYet && !deadline.isPassed(since())) {
      if (deadline.isHopeless(replicas.isUnhealthy(), since())) {
        judgement = new Judgement.Bad(notYet.state() + UNHEALTHY);
        break;
      }
      pause.of(INTERVAL);
      replicas.look();
      judgement = replicas.judge(settle);
    }
    if (judgement instanceof Judgement.Good good) {
      return new Verdict.Good(good.evidence(), since());
    }
    String reason =
        judgement instanceof Judgement.NotYet notYet
            ? stillAfter(notYet.state())
            : ((Judgement.Bad) judgement).reason();
    return bad(reason, replicas.worst(), replicas.answer());
  }

  private Optional<Container> inspect(String container) {
    Node node = orchestrator.nodeOf(container);
    try {
      return node.inspect(container);
    } catch (DeployException e) {
      if (node.isElsewhere()) {
        throw new Unanswered(e);
      }
      throw e;
    }
  }

  private ContainerJudge judge(String id, Optional<Container> container) {
    return new ContainerJudge(
        new SmokeTester(orchestrator.nodeOf(id)),
        image,
        smoke,
        recreated ? 0 : container.map(Container::restarts).orElse(0),
        state -> reporter.report(new Event.Waiting(spec.service(), state, since())));
  }

  private Optional<Container> shown(String container) {
    return container.isEmpty()
        ? Optional.empty()
        : orchestrator.nodeOf(container).inspect(container);
  }

  private void waiting(String state) {
    if (!state.equals(lastState)) {
      lastState = state;
      reporter.report(new Event.Waiting(spec.service(), state, since()));
    }
  }

  private String stillAfter(String state) {
    return state + ", still after " + Units.seconds(deadline.limit());
  }

  private Verdict bad(String reason, Optional<Container> last, String answer) {
    return new Verdict.Bad(
        diagnosis
            .cause(spec, last.orElse(null), answer)
            .map(cause -> reason + "; cause: " + cause)
            .orElse(reason));
  }

  private Deadline deadline(Function<String, Optional<Duration>> longestStart) {
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
                    since())));
  }

  private Duration since() {
    return Duration.between(start, clock.instant());
  }

  private static String checks(List<SmokeTest> smoke) {
    return "container and health"
        + smoke.stream().map(test -> ", " + test.shown()).collect(Collectors.joining());
  }
}
