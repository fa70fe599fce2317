package io.github.rpideploy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.it.lab.Lab;
import io.github.rpideploy.it.lab.SlowLink;
import io.github.rpideploy.it.lab.SshAgentProcess;
import io.github.rpideploy.it.lab.SshLab;
import io.github.rpideploy.remote.Command;
import io.github.rpideploy.ssh.SshConnection;
import io.github.rpideploy.ssh.settings.SshRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * With which identities, under which host keys and by which ways a real OpenSSH server is reached,
 * and which are refused; where OpenSSH's client can be asked the same, it has to say the same. The
 * cases are shown as a table in the end.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SshIT {

  @TempDir private static Path directory;

  private final List<AutoCloseable> opened = new ArrayList<>();
  private final List<SshAgentProcess> agents = new ArrayList<>();
  private final List<String> table = new ArrayList<>();
  private final List<SshCase> cases = new ArrayList<>();
  private SshLab lab;

  @BeforeAll
  void prepare() throws Exception {
    lab = SshLab.up("ssh", directory);
    SshIdentityCases.keys(lab);
    SshHostKeyCases.keys(lab);
    lab.install();
    cases.addAll(SshIdentityCases.of(lab, agents));
    cases.addAll(SshHostKeyCases.of(lab));
    cases.addAll(SshWayCases.of(lab, opened));
  }

  @TestFactory
  Stream<DynamicTest> a_server_is_reached_or_refused() {
    return cases.stream()
        .map(
            one ->
                DynamicTest.dynamicTest(
                    one.group() + ": " + one.name(), () -> table.add(one.run())));
  }

  /** Over a link with 200 ms: what counts there is how often one has to wait for an answer. */
  @Test
  void connecting_takes_hardly_more_round_trips_than_openssh() throws Exception {
    SshLab.Server server = lab.server("HostKey %K/host");
    try (SlowLink link = new SlowLink(server.host(), server.port(), Duration.ofMillis(200))) {
      String line = "[127.0.0.1]:" + link.port() + " " + lab.publicKey("host") + "\n";
      Path known = lab.write("known.slow", line);
      Path key = lab.file("ed25519");
      long start = System.nanoTime();
      Lab.run(
          List.of(
              "ssh",
              "-F",
              "none",
              "-o",
              "BatchMode=yes",
              "-o",
              "UserKnownHostsFile=" + known,
              "-o",
              "IdentitiesOnly=yes",
              "-i",
              key.toString(),
              "-p",
              "" + link.port(),
              "pi@127.0.0.1",
              "true"));
      final long openSshTook = System.nanoTime() - start;
      final int openSsh = link.roundTrips();
      link.reset();
      SshRequest request =
          SshRequest.to("127.0.0.1")
              .withPort(link.port())
              .withUser("pi")
              .withConfig("none")
              .withKnownHosts(known)
              .withIdentityFile(key);
      start = System.nanoTime();
      try (SshConnection connection = SshConnection.open(request, event -> {})) {
        assertThat(connection.exec(Command.of("true")).ok()).isTrue();
      }
      System.out.printf(
          "connect, run true: OpenSSH %d round trips, %.2f s; rpi %d round trips, %.2f s%n",
          openSsh, openSshTook / 1e9, link.roundTrips(), (System.nanoTime() - start) / 1e9);
      assertThat(openSsh).isGreaterThan(3);
      assertThat(link.roundTrips()).isLessThanOrEqualTo((int) (1.25 * openSsh));
    }
  }

  @AfterAll
  void show() throws Exception {
    table.forEach(System.out::println);
    System.out.println(table.size() + " of " + cases.size() + " cases as expected");
    for (SshAgentProcess agent : agents) {
      agent.close();
    }
    for (AutoCloseable open : opened) {
      open.close();
    }
    lab.down();
    assertThat(cases).hasSizeGreaterThanOrEqualTo(60);
  }
}
