package io.github.rpideploy.deploy.doctor;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.spec.Dial;
import io.github.rpideploy.deploy.spec.Others;
import io.github.rpideploy.deploy.spec.ServiceSpec;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.docker.Examination;
import io.github.rpideploy.docker.ExaminationResult;
import io.github.rpideploy.docker.Probe;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.report.Check;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.Reporter;
import io.github.rpideploy.report.Units;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Checks whether a Pi is fit for a deploy, and changes nothing there. */
public final class Doctor {

  /** Connects to the Pi. */
  @FunctionalInterface
  public interface Connection {

    /**
     * Connects, unless there is a connection already.
     *
     * @param reporter gets the events of connecting; the {@code ssh} check shows them
     * @throws DeployException when the Pi cannot be reached, trusted or logged in to
     */
    RemoteHost open(Reporter reporter);
  }

  private static final String SSH = "ssh";
  private static final String HOME = ".";

  /** The checks that need a connection. */
  private static final List<String> ON_THE_PI =
      Stream.concat(
              Stream.of(TunnelCheck.NAME),
              Stream.of(MachineChecks.NAMES, EngineChecks.NAMES, ServiceChecks.NAMES)
                  .flatMap(List::stream))
          .toList();

  private final Reporter reporter;
  private final InstantSource clock;
  private final Dial dial;

  /**
   * @param clock this machine's clock, with which the Pi's is compared
   * @param dial connects to the other nodes where the Pi manages a swarm
   */
  public Doctor(Reporter reporter, InstantSource clock, Dial dial) {
    this.reporter = reporter;
    this.clock = clock;
    this.dial = dial;
  }

  /**
   * Makes all checks and reports them as one {@link Event.Examined}.
   *
   * @param address names the Pi in messages when it cannot be reached
   * @param stack the compose project on the Pi; empty to check the Pi alone
   * @param sudo whether Docker is called with {@code sudo -n}
   * @param services those that a deploy would deploy; empty for every service of the compose file
   * @param platforms what the images are built for
   * @param others what a deploy does with services that no module deploys
   * @throws DeployException after the report, when a check failed
   */
  public void examine(
      String address,
      Connection connection,
      Optional<Stack> stack,
      boolean sudo,
      List<ServiceSpec> services,
      Set<String> platforms,
      Others others) {
    @Nullable FilesCheck files = stack.map(FilesCheck::of).orElse(null);
    Probe.@Nullable Given wanted = files == null ? null : files.given();
    Optional<Stack> swarm = stack.filter(Stack::swarm);
    List<Check> checks = new ArrayList<>();
    String name = address;
    Answer answer = null;
    try {
      answer = ask(connection, stack.map(Stack::directory).orElse(HOME), wanted, sudo);
    } catch (DeployException e) {
      checks.add(Check.fail(SSH, e.getMessage(), e.hint()));
      ON_THE_PI.forEach(check -> checks.add(Check.notChecked(check)));
      if (swarm.isPresent()) {
        SwarmChecks.NAMES.forEach(check -> checks.add(Check.notChecked(check)));
      }
    }
    if (answer != null) {
      String host = answer.host.name();
      name = host;
      ExaminationResult result = answer.result;
      checks.add(Check.pass(SSH, answer.connected));
      checks.add(TunnelCheck.of(answer.host, services, result));
      checks.addAll(new MachineChecks(result, answer.asked, answer.took).all());
      checks.addAll(new EngineChecks(result, services, platforms).all());
      checks.addAll(
          stack
              .map(there -> new ServiceChecks(result, there, services, others))
              .map(there -> there.all(Objects.requireNonNull(files), host))
              .orElseGet(() -> ServiceChecks.NAMES.stream().map(Check::notChecked).toList()));
      if (swarm.isPresent()) {
        checks.addAll(
            new SwarmChecks(result, swarm.get(), services, platforms).all(answer.host, dial));
      }
    }
    Event.Examined examined = new Event.Examined(name, checks);
    reporter.report(examined);
    requireFit(examined);
  }

  /**
   * What the Pi answered, and when.
   *
   * @param connected how the Pi was reached
   * @param asked when it was asked, by this machine's clock
   * @param took the time from asking until the answer was here
   */
  private record Answer(
      RemoteHost host, String connected, Instant asked, Duration took, ExaminationResult result) {}

  private Answer ask(
      Connection connection, String directory, Probe.@Nullable Given given, boolean sudo) {
    List<String> connected = new ArrayList<>();
    RemoteHost host =
        connection.open(
            event -> {
              if (event instanceof Event.Connected there) {
                connected.add(
                    there.host()
                        + ", logged in within "
                        + Units.seconds(there.elapsed())
                        + " by "
                        + there.authentication());
              } else {
                reporter.report(event);
              }
            });
    Instant asked = clock.instant();
    ExaminationResult result = Examination.of(host, directory, given, sudo);
    Duration took = Duration.between(asked, clock.instant());
    String how = connected.isEmpty() ? host.name() : connected.get(0);
    return new Answer(host, how, asked, took, result);
  }

  private static void requireFit(Event.Examined examined) {
    List<Check> failed =
        examined.checks().stream().filter(check -> check.level() == Check.Level.FAIL).toList();
    if (!failed.isEmpty()) {
      throw new DeployException(
          examined.host()
              + " is not fit for a deploy: "
              + failed.stream().map(Doctor::inShort).collect(Collectors.joining("; ")),
          "Fix what failed above, then check again: mvn rpi:doctor. Nothing was changed on the Pi");
    }
  }

  private static String inShort(Check check) {
    return check.name() + ": " + check.finding().lines().findFirst().orElse("");
  }
}
