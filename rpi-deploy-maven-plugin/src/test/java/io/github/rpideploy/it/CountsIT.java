package io.github.rpideploy.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.rpideploy.deploy.Deployer;
import io.github.rpideploy.deploy.Deployers;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.deploy.verify.Pause;
import io.github.rpideploy.it.lab.Lab;
import io.github.rpideploy.it.lab.TestService;
import io.github.rpideploy.remote.Command;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.remote.Stdin;
import io.github.rpideploy.remote.WrappedHost;
import io.github.rpideploy.ssh.SshConnection;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a deploy asks of a Pi, counted: commands over SSH, each of which takes a round trip, calls
 * of docker, each of which takes a Pi a tenth of a second or more, and bytes. One more is a slower
 * deploy for everybody, so it must be meant.
 */
class CountsIT {

  /** Takes the place of docker and writes down what it is called with, a line for each call. */
  private static final String SHIM =
      "mv /usr/bin/docker /usr/bin/docker.real; touch /run/calls; chmod 666 /run/calls;"
          + " printf '#!/bin/sh\\nx=$(printf %%s \"$*\" | tr \"\\\\n\" \" \"); echo \"$x\" >>/run/calls\\n"
          + "exec docker.real \"$@\"\\n' >/usr/bin/docker; chmod 755 /usr/bin/docker";

  @TempDir private Path directory;

  private long before;

  private final List<String> commands = Collections.synchronizedList(new ArrayList<>());

  @Test
  void typical_deploys_cost_no_more_than_they_did() throws Exception {
    Lab pi = Lab.up("counts");
    try {
      pi.asRoot(SHIM);
      deploy(pi, "one", TestService.RUNS);

      assertThat(deploy(pi, "one", TestService.RUNS)).isNull();
      cost("nothing has changed, for the first time", pi, 6, 6, 17);

      assertThat(deploy(pi, "one", TestService.RUNS)).isNull();
      cost("nothing has changed", pi, 5, 3, 16);

      assertThat(deploy(pi, "two", TestService.RUNS)).isNull();
      cost("one service is replaced", pi, 9, 12, 21);

      assertThat(deploy(pi, "three", "exit 3")).hasMessageContaining("is back on");
      cost("a bad release goes back", pi, 16, 21, 23);
    } finally {
      pi.down();
    }
  }

  /**
   * @param mostKilobytes that crossed the link to the Pi, the handshake and the release included
   */
  private void cost(String what, Lab pi, int mostCommands, int mostCalls, int mostKilobytes)
      throws Exception {
    long bytes = pi.bytesUp() - before;
    List<String> calls = once(pi.asRoot("cat /run/calls").lines().toList());
    List<String> asked = once(List.copyOf(commands));
    System.out.printf(
        "CountsIT %s: %d commands, %d calls of docker, %.1f kB%n",
        what, asked.size(), calls.size(), bytes / 1e3);
    assertThat(asked).as(what).hasSizeLessThanOrEqualTo(mostCommands);
    assertThat(calls).as(what).hasSizeLessThanOrEqualTo(mostCalls);
    assertThat(bytes).as(what).isLessThanOrEqualTo(mostKilobytes * 1000L);
  }

  /** A container is looked at every second, so how often depends on the machine. */
  private static List<String> once(List<String> all) {
    List<String> once = new ArrayList<>();
    for (String one : all) {
      if (once.isEmpty() || !once.get(once.size() - 1).equals(one)) {
        once.add(one);
      }
    }
    return once;
  }

  private static String what(Command command) {
    return command.argv().stream()
        .filter(word -> word.matches("[a-z-]+\\.sh"))
        .findFirst()
        .orElseGet(() -> String.join(" ", command.argv()));
  }

  private @Nullable Throwable deploy(Lab pi, String version, String command) throws Exception {
    pi.asRoot(": >/run/calls");
    commands.clear();
    before = pi.bytesUp();
    TestService service = new TestService("auth-server");
    Path compose = Files.writeString(directory.resolve("compose.yaml"), TestService.COMPOSE);
    try (SshConnection connection = SshConnection.open(pi.settings(), event -> {});
        Deployer deployer =
            Deployers.connect(
                counted(connection),
                new Stack("rpi/counts", compose),
                event -> {},
                InstantSource.system(),
                Pause.SLEEP)) {
      return catchThrowable(
          () ->
              deployer.deploy(
                  List.of(
                      service.candidate(
                          service.smallTarball(directory, version, command + " # " + version)))));
    }
  }

  private WrappedHost counted(SshConnection connection) {
    return new WrappedHost(connection) {
      @Override
      public ExecResult exec(Command command, Stdin stdin) {
        commands.add(what(command));
        return super.exec(command, stdin);
      }

      @Override
      public ExecResult exec(Command command, Stdin stdin, OutputStream stdout) {
        commands.add(what(command));
        return super.exec(command, stdin, stdout);
      }
    };
  }
}
