package io.github.rpideploy.deploy.doctor;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.spec.ServiceSpec;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.deploy.stack.ComposeDirectory;
import io.github.rpideploy.docker.Examination;
import io.github.rpideploy.docker.ExaminationResult;
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
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds out whether a Pi is fit for a deploy. Nothing is changed there. */
public final class Doctor {

  /** How to get to the Pi; what is reported on the way belongs to the check of it. */
  @FunctionalInterface
  public interface Way {

    /**
     * Connects, unless there is a connection.
     *
     * @throws DeployException when the Pi cannot be reached, trusted or logged in to
     */
    RemoteHost open(Reporter reporter);
  }

  private static final String SSH = "ssh";
  private static final String HOME = ".";

  /** What cannot be looked at without a connection. */
  private static final List<String> ON_THE_PI =
      Stream.concat(
              Stream.of(TunnelCheck.NAME),
              Stream.of(MachineChecks.NAMES, EngineChecks.NAMES, ServiceChecks.NAMES)
                  .flatMap(List::stream))
          .toList();

  private final Reporter reporter;
  private final InstantSource clock;

  /**
   * @param clock this machine's, which the Pi's is held against
   */
  public Doctor(Reporter reporter, InstantSource clock) {
    this.reporter = reporter;
    this.clock = clock;
  }

  /**
   * Reports one {@link Event.Examined} with everything that was looked at.
   *
   * @param address of the Pi, for messages when it cannot be reached
   * @param stack the compose project there; empty to look at the Pi alone
   * @param sudo whether Docker is called by {@code sudo -n}
   * @param services those that are to be deployed; none for every service of the compose file
   * @param platforms what images are built for
   * @throws DeployException after the report, when a check failed
   */
  public void examine(
      String address,
      Way way,
      Optional<Stack> stack,
      boolean sudo,
      List<ServiceSpec> services,
      Set<String> platforms) {
    @Nullable String wanted = stack.map(ComposeDirectory::wanted).orElse(null);
    List<Check> checks = new ArrayList<>();
    String name = address;
    Look look = null;
    try {
      look = look(way, stack.map(Stack::directory).orElse(HOME), wanted, sudo);
    } catch (DeployException e) {
      checks.add(Check.fail(SSH, e.getMessage(), e.hint()));
      ON_THE_PI.forEach(check -> checks.add(Check.notChecked(check)));
    }
    if (look != null) {
      name = look.host.name();
      ExaminationResult findings = look.findings;
      checks.add(Check.pass(SSH, look.connected));
      checks.add(TunnelCheck.of(look.host, services, findings));
      checks.addAll(new MachineChecks(findings, look.asked, look.took).all());
      checks.addAll(new EngineChecks(findings, services, platforms).all());
      checks.addAll(
          stack
              .map(there -> new ServiceChecks(findings, there, services).all())
              .orElseGet(() -> ServiceChecks.NAMES.stream().map(Check::notChecked).toList()));
    }
    Event.Examined examined = new Event.Examined(name, checks);
    reporter.report(examined);
    requireFit(examined);
  }

  /**
   * A Pi that was looked at.
   *
   * @param connected how it was reached
   * @param asked when, by this machine's clock
   * @param took from then until the answer was here
   */
  private record Look(
      RemoteHost host,
      String connected,
      Instant asked,
      Duration took,
      ExaminationResult findings) {}

  private Look look(Way way, String directory, @Nullable String composeYaml, boolean sudo) {
    List<String> connected = new ArrayList<>();
    RemoteHost host =
        way.open(
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
    ExaminationResult findings = Examination.of(host, directory, composeYaml, sudo);
    Duration took = Duration.between(asked, clock.instant());
    String how = connected.isEmpty() ? host.name() : connected.get(0);
    return new Look(host, how, asked, took, findings);
  }

  private static void requireFit(Event.Examined examined) {
    List<Check> failed =
        examined.checks().stream().filter(check -> check.level() == Check.Level.FAIL).toList();
    if (!failed.isEmpty()) {
      throw new DeployException(
          examined.host()
              + " is not fit for a deploy: "
              + failed.stream().map(Doctor::inShort).collect(Collectors.joining("; ")),
          "Mend what is said above and run it again: mvn rpi:doctor. Nothing was changed on the"
              + " Pi");
    }
  }

  private static String inShort(Check check) {
    return check.name() + ": " + check.finding().lines().findFirst().orElse("");
  }
}
