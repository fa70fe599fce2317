package io.github.rpideploy.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.ScriptedPi;
import io.github.rpideploy.deploy.spec.Origin;
import io.github.rpideploy.deploy.spec.Others;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.maven.console.DeployReports;
import io.github.rpideploy.remote.Command;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.remote.Stdin;
import io.github.rpideploy.remote.WrappedHost;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.ssh.Pi;
import io.github.rpideploy.ssh.SshConnection;
import io.github.rpideploy.ssh.settings.SecretPrompt;
import io.github.rpideploy.ssh.settings.SshRequest;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class EarlyLooksTest {

  @TempDir Path home;

  private final List<Event> events = new CopyOnWriteArrayList<>();
  private final CountDownLatch asked = new CountDownLatch(1);
  private final List<Command> commands = new CopyOnWriteArrayList<>();
  private final Pi pi =
      Pi.of(
          new WrappedHost(new ScriptedPi("services: {auth-server: {image: auth-server}}\n")) {
            @Override
            public ExecResult exec(Command command, Stdin stdin, OutputStream stdout) {
              commands.add(command);
              asked.countDown();
              return super.exec(command, stdin, stdout);
            }
          });
  private final EarlyLooks early = new EarlyLooks();

  @AfterEach
  void stop() {
    early.close();
    pi.close();
  }

  @Test
  void a_build_goes_on_with_the_connection_and_the_look_that_were_made_early() throws Exception {
    TargetStack target = target();
    early.start(List.of(target));
    assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();

    try (BuildSession build = build()) {
      deployer(build, target);
    }

    assertThat(commands).hasSize(1);
    assertThat(connected()).singleElement().satisfies(made -> assertThat(made.early()).isTrue());
  }

  @Test
  void without_them_it_connects_itself() throws Exception {
    try (BuildSession build = build()) {
      deployer(build, target());
    }

    assertThat(commands).hasSize(1);
    assertThat(connected()).singleElement().satisfies(made -> assertThat(made.early()).isFalse());
  }

  @Test
  void a_goal_waits_until_it_is_known_where_to_connect_to_but_not_for_the_time() throws Exception {
    TargetStack target = target();
    CompletableFuture<Void> time = new CompletableFuture<>();
    CompletableFuture<List<TargetStack>> where = new CompletableFuture<>();
    early.start(time, where);
    early.connection(target.ssh(), events::add, SecretPrompt.NOBODY).close();

    time.complete(null);
    CompletableFuture<SshConnection> waiting =
        CompletableFuture.supplyAsync(
            () -> early.connection(target.ssh(), events::add, SecretPrompt.NOBODY));
    where.complete(List.of(target));
    waiting.join().close();

    assertThat(connected()).extracting(Event.Connected::early).containsExactly(false, true);
  }

  @Test
  void a_goal_connects_where_nobody_knew_where() throws Exception {
    early.start(
        CompletableFuture.completedFuture(null),
        CompletableFuture.failedFuture(new IllegalStateException("no host")));

    early.connection(target().ssh(), events::add, SecretPrompt.NOBODY).close();

    assertThat(connected()).extracting(Event.Connected::early).containsExactly(false);
  }

  /** The server has closed it before we hear of that, so it takes as many tries as it takes. */
  @Test
  void a_connection_that_was_lost_meanwhile_is_made_again() throws Exception {
    while (!isMadeAgain()) {
      Thread.onSpinWait();
    }
  }

  private boolean isMadeAgain() throws Exception {
    TargetStack target = target();
    int before = commands.size();
    early.start(List.of(target));
    while (commands.size() == before) {
      Thread.onSpinWait();
    }
    pi.cut();
    pi.awaitNobody();
    try (SshConnection connection =
        early.connection(target.ssh(), events::add, SecretPrompt.NOBODY)) {
      assertThat(connection.exec(Command.of("true"))).isNotNull();
      return true;
    } catch (DeployException e) {
      assertThat(e).hasMessageContaining("was lost");
      return false;
    }
  }

  @Test
  void a_build_that_has_ended_connects_to_nobody() throws Exception {
    early.close();

    early.start(List.of(target()));

    early.connection(target().ssh(), events::add, SecretPrompt.NOBODY).close();
    assertThat(connected()).singleElement().satisfies(made -> assertThat(made.early()).isFalse());
  }

  @Test
  void a_failure_is_told_when_somebody_needs_the_connection() throws Exception {
    TargetStack target = target();
    pi.close();
    early.start(List.of(target));

    assertThat(events).isEmpty();
    assertThatThrownBy(() -> early.connection(target.ssh(), events::add, SecretPrompt.NOBODY))
        .isInstanceOf(DeployException.class)
        .matches(failure -> SshConnection.isUnreachable((DeployException) failure));
  }

  /** As a key whose passphrase only the user knows: early nobody is asked. */
  @Test
  void what_could_not_be_done_early_is_done_when_it_is_needed() throws Exception {
    TargetStack target = target();
    Path known = home.resolve("ssh/known_hosts");
    String hosts = Files.readString(known);
    Files.writeString(known, "");
    early.start(List.of(target));
    pi.awaitNobody();
    Files.writeString(known, hosts);

    early.connection(target.ssh(), events::add, SecretPrompt.NOBODY).close();

    assertThat(connected()).singleElement().satisfies(made -> assertThat(made.early()).isFalse());
  }

  @Test
  void a_connection_that_nobody_needs_is_closed_with_the_build() throws Exception {
    TargetStack target = target();
    early.start(List.of(target));
    assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();

    early.close();

    pi.awaitNobody();
  }

  private void deployer(BuildSession build, TargetStack target) {
    build.deployer(
        target,
        new DeploySettings(
            "auth-server",
            Duration.ZERO,
            Duration.ofSeconds(30),
            home.resolve("layers"),
            Others.Mode.START,
            Others.DEFAULT_TIMEOUT),
        Set::of,
        build.reporter());
  }

  private List<Event.Connected> connected() {
    return events.stream()
        .filter(Event.Connected.class::isInstance)
        .map(Event.Connected.class::cast)
        .toList();
  }

  private BuildSession build() {
    return new BuildSession(
        events::add,
        DeployReports.of(home.resolve("target/rpi"), Map.of()),
        () -> Origin.UNKNOWN,
        SecretPrompt.NOBODY,
        early);
  }

  private TargetStack target() throws IOException {
    SshRequest request = pi.request(Files.createDirectories(home.resolve("ssh")));
    return new TargetStack(request, new Stack("rpi/services", null, false), Map.of());
  }
}
