package io.github.rpideploy.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.it.lab.SshLab;
import io.github.rpideploy.remote.Command;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.ssh.SshConnection;
import io.github.rpideploy.ssh.settings.SecretPrompt;
import io.github.rpideploy.ssh.settings.SshRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * One way to reach a server, or one that must not work.
 *
 * @param group identities, host keys or ways in
 * @param name what it is about
 * @param request what the user says
 * @param accepted whether it works
 * @param evidence what the report of the connection, or else the message of the failure, holds
 * @param unasked a server that must not have been asked to authenticate anybody
 * @param prompt what the user at the terminal answers
 * @param ssh the same with OpenSSH's client: whether that works; empty where it cannot be asked
 */
record SshCase(
    String group,
    String name,
    Callable<SshRequest> request,
    boolean accepted,
    List<String> evidence,
    Optional<SshLab.Server> unasked,
    SecretPrompt prompt,
    Optional<List<String>> ssh) {

  static SshCase accepts(
      String group, String name, Callable<SshRequest> request, String... evidence) {
    return new SshCase(
        group,
        name,
        request,
        true,
        List.of(evidence),
        Optional.empty(),
        SecretPrompt.NOBODY,
        Optional.empty());
  }

  static SshCase refuses(
      String group, String name, Callable<SshRequest> request, String... evidence) {
    return new SshCase(
        group,
        name,
        request,
        false,
        List.of(evidence),
        Optional.empty(),
        SecretPrompt.NOBODY,
        Optional.empty());
  }

  /** That server must not be asked to authenticate anybody: the host key decides before. */
  SshCase without(SshLab.Server server) {
    return new SshCase(group, name, request, accepted, evidence, Optional.of(server), prompt, ssh);
  }

  SshCase answering(SecretPrompt user) {
    return new SshCase(group, name, request, accepted, evidence, unasked, user, ssh);
  }

  /** OpenSSH's client, called like this, has to come to the same end. */
  SshCase like(String... options) {
    return new SshCase(
        group, name, request, accepted, evidence, unasked, prompt, Optional.of(List.of(options)));
  }

  /**
   * Tries it.
   *
   * @return a line for the table
   */
  String run() throws Exception {
    boolean askedBefore = unasked.isPresent() && unasked.get().sawAuthentication();
    String outcome = accepted ? connects() : isRefused();
    if (unasked.isPresent()) {
      assertThat(askedBefore).as("the server is new").isFalse();
      assertThat(unasked.get().sawAuthentication())
          .as("authentication was tried: %s", unasked.get().log())
          .isFalse();
    }
    String same = "";
    if (ssh.isPresent()) {
      assertThat(openSsh(ssh.get())).as("ssh comes to the same end").isEqualTo(accepted);
      same = "ssh too";
    }
    return "%-10s | %-62s | %-7s | %-7s | %s"
        .formatted(group, name, accepted ? "works" : "refused", same, outcome);
  }

  private String connects() throws Exception {
    List<Event> events = new ArrayList<>();
    try (SshConnection connection = SshConnection.open(request.call(), events::add, prompt)) {
      assertThat(connection.exec(Command.of("echo", "here I am")).stdout())
          .isEqualTo("here I am\n");
    }
    String shown = String.join("\n", events.stream().map(Event::toString).toList());
    evidence.forEach(text -> assertThat(shown).contains(text));
    return events.stream()
        .filter(Event.Connected.class::isInstance)
        .map(event -> ((Event.Connected) event).authentication().replaceAll(" from .*/", " from "))
        .findFirst()
        .orElseThrow();
  }

  private String isRefused() throws Exception {
    SshRequest said = request.call();
    DeployException failure =
        catchThrowableOfType(
            DeployException.class, () -> SshConnection.open(said, event -> {}, prompt).close());
    assertThat(failure).isNotNull();
    String shown = failure.getMessage() + "\n" + failure.hint();
    evidence.forEach(text -> assertThat(shown).contains(text));
    assertThat(failure.hint()).isNotBlank();
    return failure.getMessage().lines().findFirst().orElseThrow();
  }

  /** Whether OpenSSH's client can run a command. */
  private static boolean openSsh(List<String> options) throws Exception {
    List<String> line = new ArrayList<>(List.of("ssh", "-o", "BatchMode=yes"));
    line.addAll(options);
    line.add("true");
    // Not read: what a ProxyCommand has started may hold it open when ssh has ended.
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().remove("SSH_AUTH_SOCK");
    Process process = builder.start();
    process.getOutputStream().close();
    if (!process.waitFor(1, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new AssertionError("ssh does not end: " + line);
    }
    return process.exitValue() == 0;
  }
}
