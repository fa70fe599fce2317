package io.github.rpideploy.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.ship.Candidate;
import io.github.rpideploy.deploy.spec.SmokeSpec;
import io.github.rpideploy.image.TestImages;
import io.github.rpideploy.report.Event;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service that has become good must stay so for a while. */
class SettleTest {

  private static final String SERVICE = "auth-server";

  @TempDir Path directory;

  private final ScriptedPi pi = new ScriptedPi("services: {auth-server: {image: auth-server}}\n");
  private final List<Event> events = new ArrayList<>();
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);

  @Test
  void a_good_service_has_to_stay_good() {
    states(ScriptedPi.health("healthy"), ScriptedPi.health("healthy"));

    deploy(Duration.ofSeconds(3));

    assertThat(events)
        .last()
        .isEqualTo(new Event.Verified(SERVICE, "healthy", Duration.ofSeconds(3)));
  }

  @Test
  void one_that_dies_meanwhile_is_not_good() {
    states(
        ScriptedPi.health("starting"),
        ScriptedPi.health("healthy"),
        ScriptedPi.state("exited", ",\"ExitCode\":3"));

    assertThat(failure(Duration.ofSeconds(3)))
        .hasMessageContaining(
            "auth-server on pi@raspberrypi:22 is not good: it was good (healthy), but then the"
                + " container exited (code 3)");
    assertThat(now.get()).isEqualTo(Instant.EPOCH.plusSeconds(2));
  }

  @Test
  void it_is_looked_at_every_second_so_that_it_goes_back_soon() {
    states(
        ScriptedPi.health("healthy"),
        ScriptedPi.health("healthy"),
        ScriptedPi.state("exited", ",\"ExitCode\":3"));

    assertThat(failure(Duration.ofMinutes(1)))
        .hasMessageContaining("but then the container exited");
    assertThat(now.get()).isEqualTo(Instant.EPOCH.plusSeconds(2));
  }

  @Test
  void by_default_it_is_seen_when_a_service_dies_five_seconds_after_it_was_good() throws Exception {
    List<String> looks = new ArrayList<>(Collections.nCopies(5, ScriptedPi.health("healthy")));
    looks.add(ScriptedPi.state("exited", ",\"ExitCode\":3"));
    states(looks.toArray(String[]::new));

    assertThat(failure(settleByDefault())).hasMessageContaining("but then the container exited");
  }

  /** What the plugin's descriptor says. */
  private static Duration settleByDefault() throws Exception {
    try (InputStream in = SettleTest.class.getResourceAsStream("/META-INF/maven/plugin.xml")) {
      String descriptor = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      Matcher matcher =
          Pattern.compile("default-value=\"(\\d+)s\">\\$\\{rpi.settle}").matcher(descriptor);
      assertThat(matcher.find()).isTrue();
      return Duration.ofSeconds(Long.parseLong(matcher.group(1)));
    }
  }

  @Test
  void one_that_becomes_unhealthy_meanwhile_has_to_become_good_again() {
    states(
        ScriptedPi.health("healthy"),
        ScriptedPi.health("unhealthy"),
        ScriptedPi.health("unhealthy"),
        ScriptedPi.health("healthy"));

    deploy(Duration.ofSeconds(3));

    assertThat(events)
        .last()
        .isEqualTo(new Event.Verified(SERVICE, "healthy", Duration.ofSeconds(6)));
  }

  @Test
  void the_looks_at_a_container_that_nothing_else_can_be_asked_of_count() {
    deploy(Duration.ofSeconds(3));
    assertThat(events)
        .last()
        .isEqualTo(new Event.Verified(SERVICE, "running, no restart", Duration.ofSeconds(4)));
  }

  private void states(String... states) {
    pi.states.put(SERVICE, new ArrayDeque<>(List.of(states)));
  }

  private DeployException failure(Duration settle) {
    return catchThrowableOfType(DeployException.class, () -> deploy(settle));
  }

  private void deploy(Duration settle) {
    Path tarball = directory.resolve("image.tar");
    TestImages.typical("auth-server:latest").layer("a", 500).writeDocker(tarball);
    Candidate candidate =
        Candidate.read(
            Specs.of(
                SERVICE,
                tarball,
                directory.resolve("rpi/auth-server.log"),
                new SmokeSpec(List.of(), settle)));
    pi.deployer(null, events, now).deploy(List.of(candidate));
  }
}
