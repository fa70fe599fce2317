package io.github.rpideploy.deploy.others;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.spec.Patience;
import io.github.rpideploy.deploy.spec.Policy;
import io.github.rpideploy.deploy.spec.ServiceSpec;
import io.github.rpideploy.deploy.spec.SmokeSpec;
import io.github.rpideploy.deploy.stack.StackContext;
import io.github.rpideploy.deploy.verify.Diagnosis;
import io.github.rpideploy.deploy.verify.Pause;
import io.github.rpideploy.docker.Container;
import io.github.rpideploy.docker.Docker;
import io.github.rpideploy.docker.Engine;
import io.github.rpideploy.docker.HeldLock;
import io.github.rpideploy.docker.file.ComposeFile;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.Units;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Has the Pi pull, start and wait for one service that no module deploys. */
public final class Starter {

  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private final StackContext context;
  private final Duration timeout;
  private final Supplier<HeldLock> lock;
  private final Diagnosis diagnosis;
  private final Pause pause;
  private final Set<String> pulled = new HashSet<>();
  private boolean uploaded;

  /**
   * @param timeout how long one may take to reach what is needed of it
   * @param lock the deploy lock, which is held when something is started
   * @param pause how to wait
   */
  public Starter(
      StackContext context,
      Duration timeout,
      Supplier<HeldLock> lock,
      Supplier<ComposeFile> file,
      Pause pause) {
    this.context = context;
    this.timeout = timeout;
    this.lock = lock;
    this.diagnosis = new Diagnosis(context, file);
    this.pause = pause;
  }

  /**
   * Makes sure that the Pi has the image of a service, and that it can run it. One without an image
   * is built on the Pi by whoever wants that.
   *
   * @throws DeployException when it cannot be had
   */
  void pull(Need need, ComposeFile.Service inFile) {
    String image = inFile.image();
    if (image == null || !pulled.add(need.service())) {
      return;
    }
    Instant start = context.clock().instant();
    String platform = Objects.requireNonNullElse(inFile.platform(), "");
    Pull pull =
        new Pull(
            state ->
                context
                    .reporter()
                    .report(
                        new Event.Waiting(
                            need.service(), "pulling " + image + ": " + state, since(start))));
    try {
      context.docker().images().pull(image, platform, pull);
      requireUsable(need, image, platform, pull);
    } catch (DeployException e) {
      pulled.remove(need.service());
      throw e;
    }
    if (pull.pulled()) {
      context.reporter().report(new Event.Pulled(need.service(), image, since(start)));
    }
  }

  private void requireUsable(Need need, String image, String platform, Pull pull) {
    Engine engine = context.docker().engine();
    if (!pull.isThere()) {
      String wanted = platform.isEmpty() ? engine.platform() : platform;
      PullFailure why = PullFailure.of(image, wanted, pull.last(), context.docker().typed());
      throw new DeployException(
          "The Pi cannot pull "
              + image
              + " for "
              + need.service()
              + ": "
              + why.cause()
              + "\nDocker on "
              + context.host().name()
              + " said: "
              + pull.error()
              + untouched(need),
          why.fix() == null ? sendIt(image, wanted) : why.fix());
    }
    String[] made = pull.platform().split("/", -1);
    if (made.length >= 2 && !engine.runs(made[0], made[1])) {
      throw new DeployException(
          "The Pi cannot run "
              + image
              + " of "
              + need.service()
              + ": it is made for "
              + pull.platform()
              + ", and the Engine on "
              + context.host().name()
              + " is "
              + engine.platform()
              + untouched(need),
          "Name an image in the compose file that is made for "
              + engine.platform()
              + "; remove the wrong one on the Pi: "
              + context.docker().typed()
              + " image rm "
              + image);
    }
  }

  /** The image goes from this machine to the Pi, by the user's own Docker. */
  private String sendIt(String image, String platform) {
    return "Give the Pi access to the registry, or send the image from here: docker pull --platform "
        + platform
        + " "
        + image
        + " && docker save "
        + image
        + " | "
        + context.directory().onThePi("docker load");
  }

  /**
   * Starts a service and waits until it has reached what is needed of it.
   *
   * @param reason why it is started
   * @param anew whether its container is replaced
   * @param by the service that is deployed
   */
  void start(Need need, String reason, boolean anew, ServiceSpec by) {
    if (!uploaded) {
      // Compose starts it by the file that it reads.
      context.directory().upload();
      uploaded = true;
    }
    context.reporter().report(new Event.StartingOther(need.service(), need.byWhom(), anew, reason));
    Instant start = context.clock().instant();
    Docker.Started started =
        context.docker().start(context.directory().path(), lock.get(), need.service(), anew);
    diagnosis.composeSaid(need.service(), started.said());
    if (!started.ok()) {
      ServiceSpec spec = spec(need, by);
      throw new DeployException(
          "Compose could not start "
              + need.service()
              + " on "
              + context.host().name()
              + ": "
              + diagnosis.recreateFailure(spec).map(cause -> cause + "\n").orElse("")
              + started.said().strip()
              + untouched(need),
          hint(need));
    }
    await(need, Readiness.after(need, started.containers()), started.containers(), by, start);
  }

  /** Waits until a service that runs has reached what is needed of it. */
  void await(Need need, Readiness now, List<Container> containers, ServiceSpec by) {
    await(need, now, containers, by, context.clock().instant());
  }

  private void await(
      Need need, Readiness first, List<Container> found, ServiceSpec by, Instant start) {
    Readiness now = first;
    List<Container> containers = found;
    String last = "";
    while (now instanceof Readiness.Starting starting) {
      if (since(start).compareTo(timeout) >= 0) {
        throw failed(
            need,
            starting.state() + ", still after " + Units.seconds(timeout),
            by,
            containers.isEmpty() ? null : containers.get(0));
      }
      if (!starting.state().equals(last)) {
        last = starting.state();
        context
            .reporter()
            .report(
                new Event.Waiting(
                    need.service(), last + ", needed by " + need.byWhom(), since(start)));
      }
      pause.of(INTERVAL);
      containers =
          containers.stream()
              .map(container -> context.docker().containers().inspect(container.id()))
              .flatMap(Optional::stream)
              .toList();
      now = Readiness.after(need, containers);
    }
    if (now instanceof Readiness.Broken broken) {
      throw failed(need, broken.reason(), by, broken.container());
    } else if (now instanceof Readiness.Stopped stopped) {
      throw failed(need, stopped.reason(), by, null);
    }
    warnWithoutHealthCheck(need, containers);
    String evidence = ((Readiness.Ready) now).evidence();
    context.reporter().report(new Event.OtherReady(need.service(), evidence, since(start)));
  }

  private void warnWithoutHealthCheck(Need need, List<Container> containers) {
    if (need.is(ComposeFile.Need.HEALTHY)
        && containers.stream()
            .anyMatch(found -> found.health().equals(Container.NO_HEALTH_CHECK))) {
      context
          .reporter()
          .report(
              new Event.Warning(
                  need.service()
                      + " has no health check, so that it runs is all that "
                      + need.byWhom()
                      + " can wait for, although the compose file says service_healthy"));
    }
  }

  private DeployException failed(
      Need need, String reason, ServiceSpec by, @Nullable Container container) {
    String cause =
        diagnosis.cause(spec(need, by), container, "").map(why -> "; cause: " + why).orElse("");
    return new DeployException(
        need.service()
            + " on "
            + context.host().name()
            + " is not good: "
            + reason
            + cause
            + untouched(need),
        hint(need));
  }

  /** What the log of a service that is not deployed is collected by. */
  private ServiceSpec spec(Need need, ServiceSpec by) {
    return new ServiceSpec(
        need.service(),
        by.imageTar(),
        context.docker().engine().platform(),
        SmokeSpec.NONE,
        Patience.DEFAULT,
        by.logFile().resolveSibling(need.service() + ".log"),
        Policy.DEFAULT);
  }

  private static String untouched(Need need) {
    return "\nIt is needed by "
        + need.byWhom()
        + " (depends_on), and no deployed service was touched";
  }

  private String hint(Need need) {
    return "Inspect it: "
        + context.directory().onThePi("docker compose ps -a; docker compose logs " + need.service())
        + "\nTo deploy all the same: -Drpi.others=leave";
  }

  private Duration since(Instant start) {
    return Duration.between(start, context.clock().instant());
  }
}
