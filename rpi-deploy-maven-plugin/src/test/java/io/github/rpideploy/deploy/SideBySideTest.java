package io.github.rpideploy.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.history.History;
import io.github.rpideploy.deploy.ship.Candidate;
import io.github.rpideploy.deploy.spec.Patience;
import io.github.rpideploy.deploy.spec.Policy;
import io.github.rpideploy.deploy.spec.ServiceSpec;
import io.github.rpideploy.deploy.spec.SmokeSpec;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.deploy.verify.Pause;
import io.github.rpideploy.image.TestImages;
import io.github.rpideploy.report.Event;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** While one thread waits for a service, another one replaces one that need not wait for it. */
class SideBySideTest {

  @TempDir Path directory;

  private final ScriptedPi pi =
      new ScriptedPi(
          "services: {auth-server: {image: auth-server}, mail-server: {image: mail-server}}\n");
  private final List<Event> events = Collections.synchronizedList(new ArrayList<>());
  private final Thread test = Thread.currentThread();
  private final ExecutorService thread = Executors.newSingleThreadExecutor();
  private final CountDownLatch waiting = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);

  @AfterEach
  void end() {
    thread.shutdownNow();
  }

  @Test
  void a_service_is_replaced_while_another_one_is_awaited() throws Exception {
    pi.states.put(
        "auth-server",
        new ArrayDeque<>(List.of(ScriptedPi.health("starting"), ScriptedPi.health("healthy"))));
    try (Deployer deployer = deployer(this::hold)) {
      Future<?> first = awaited(deployer, candidate("auth-server", "new", Policy.DEFAULT));

      Candidate second = candidate("mail-server", "new", Policy.DEFAULT);
      deployer.ship(List.of(second));
      deployer.recreate(second);
      goOn.countDown();

      first.get(1, TimeUnit.MINUTES);
      deployer.verify(second);
    }
    assertThat(kinds())
        .containsSubsequence(
            "Verifying auth-server", "Recreated mail-server", "Verified auth-server");
    assertThat(History.parse(pi.history).deploys()).hasSize(1);
  }

  @Test
  void one_that_is_awaited_while_another_one_takes_all_back_is_back_too() throws Exception {
    Policy all = new Policy(Policy.Rollback.ALL, false);
    try (Deployer before = deployer(pause -> {})) {
      before.deploy(
          List.of(candidate("auth-server", "old", all), candidate("mail-server", "old", all)));
    }
    String old = pi.runs("auth-server");
    Candidate first = candidate("auth-server", "new", all);
    Candidate second = candidate("mail-server", "new", all);
    states(first, ScriptedPi.health("starting"));
    states(second, ScriptedPi.state("exited", ",\"ExitCode\":1"));
    try (Deployer deployer = deployer(this::hold)) {
      Future<?> failure = awaited(deployer, first);

      assertThat(catchThrowableOfType(DeployException.class, () -> replace(deployer, second)))
          .hasMessageContainingAll(
              "mail-server on pi@raspberrypi:22 is not good",
              "auth-server is back on",
              "mail-server is back on");
      goOn.countDown();

      assertThatThrownBy(() -> failure.get(1, TimeUnit.MINUTES))
          .cause()
          .hasMessageContaining("auth-server was rolled back while it was being verified");
    }
    assertThat(pi.runs("auth-server")).isEqualTo(old);
  }

  private void states(Candidate candidate, String state) {
    pi.statesOfImage.put(
        candidate.tarball().configDigest().toString(), new ArrayDeque<>(List.of(state)));
  }

  /** A service that is being verified, by a thread of its own, when this returns. */
  private Future<?> awaited(Deployer deployer, Candidate candidate) throws Exception {
    Future<?> future = thread.submit(() -> replace(deployer, candidate));
    assertThat(waiting.await(1, TimeUnit.MINUTES)).isTrue();
    return future;
  }

  private static void replace(Deployer deployer, Candidate candidate) {
    deployer.ship(List.of(candidate));
    deployer.recreate(candidate);
    deployer.verify(candidate);
  }

  private Deployer deployer(Pause pause) {
    return Deployers.connect(
        pi, new Stack("rpi/test", null), events::add, () -> Instant.EPOCH, pause);
  }

  /** A pause of the other thread, which ends when the test says so. */
  private void hold(Duration duration) {
    if (Thread.currentThread() == test) {
      return;
    }
    waiting.countDown();
    try {
      assertThat(goOn.await(1, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<String> kinds() {
    return List.copyOf(events).stream()
        .map(
            event ->
                event instanceof Event.Verifying verifying
                    ? "Verifying " + verifying.service()
                    : event instanceof Event.Recreated recreated
                        ? "Recreated " + recreated.service()
                        : event instanceof Event.Verified verified
                            ? "Verified " + verified.service()
                            : "")
        .toList();
  }

  private Candidate candidate(String service, String version, Policy policy) {
    Path tarball = directory.resolve(service + "-" + version + ".tar");
    TestImages.named(service + ":latest").layer(service + version, 500).writeDocker(tarball);
    return Candidate.read(
        new ServiceSpec(
            service,
            tarball,
            "linux/arm64",
            SmokeSpec.NONE,
            Patience.of(Duration.ofMinutes(2)),
            directory.resolve(service + ".log"),
            policy));
  }
}
