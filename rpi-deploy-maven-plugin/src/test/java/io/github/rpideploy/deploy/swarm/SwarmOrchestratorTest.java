package io.github.rpideploy.deploy.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.deploy.stack.ComposeDirectory;
import io.github.rpideploy.deploy.stack.Orchestrator.Change;
import io.github.rpideploy.docker.ComposeAnswer;
import io.github.rpideploy.docker.Docker;
import io.github.rpideploy.docker.HeldLock;
import io.github.rpideploy.docker.Probe;
import io.github.rpideploy.docker.swarm.ServiceFile;
import io.github.rpideploy.image.ImageReference;
import io.github.rpideploy.remote.Command;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.remote.Stdin;
import java.io.OutputStream;
import java.net.Socket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On a manager that answers each script in one way. */
class SwarmOrchestratorTest {

  private static final String DIRECTORY = "rpi/home";
  private static final String YAML = "services: {web: {image: web}}\n";
  private static final String RELEASE = "web:rpi-0123456789ab";
  private static final String OLD = task("t1", "running", "old", "0ld");

  /** Of what the swarm is told here. */
  private static final String DIGEST =
      ServiceFile.of(YAML, DIRECTORY, "web", RELEASE, "sha256:new").digest();

  private final HeldLock lock =
      new HeldLock("lock", "token", () -> new DeployException("lost", "wait"));
  private final Change change =
      new Change("web", "", RELEASE, ImageReference.parse("web"), List.of(), 1);
  private final Map<String, String> answers = new HashMap<>();
  private SwarmOrchestrator swarm;

  @BeforeEach
  void a_manager_without_other_nodes() {
    answers.put(
        "probe.sh",
        """
        docker /usr/bin/docker
        server 26.1.5 linux arm64
        driver overlay2
        status []
        root /var/lib/docker
        compose 2.26.1
        config 0
        services: {}
        """);
    answers.put("swarm-nodes.sh", "swarm active true n1\n");
    answers.put("swarm-put.sh", "put\n");
    answers.put("swarm-deploy.sh", "up 0\n");
    tasks(OLD);
    Docker docker = Probe.of(manager, DIRECTORY, null, false).docker();
    swarm =
        SwarmOrchestrator.of(
            manager,
            docker,
            new ComposeDirectory(manager, docker, new Stack(DIRECTORY, null), null, event -> {}),
            new ComposeAnswer("pi", DIRECTORY, null, new ExecResult(0, null, YAML, ""), null),
            (node, address) -> manager,
            false,
            event -> {},
            () -> {});
  }

  @Test
  void what_ran_before_says_nothing_of_a_release_that_has_no_container() {
    assertThat(swarm.containers("web")).as("nothing is deployed").containsExactly("old");

    assertThat(swarm.replace(lock, change, () -> {}).ok()).isTrue();
    tasks(OLD, task("t2", "rejected", "", DIGEST));
    assertThat(swarm.containers("web")).isEmpty();

    tasks(OLD, task("t2", "rejected", "", DIGEST), task("t3", "failed", "new", DIGEST));
    assertThat(swarm.containersIfAny("web")).containsExactly("new");

    swarm.goBack(lock, change);
    assertThat(swarm.containers("web")).as("it is back").containsExactly("old");
  }

  private void tasks(String... tasks) {
    answers.put(
        "swarm-tasks.sh",
        "service {\"mode\":{\"Replicated\":{\"Replicas\":1}}}\n" + String.join("\n", tasks));
  }

  private static String task(String id, String state, String container, String digest) {
    return ("task {\"id\":\"%s\",\"node\":\"n1\",\"desired\":\"running\",\"state\":\"%s\",\"error\":\"\","
            + "\"status\":{\"ContainerID\":\"%s\"},\"labels\":{\"io.github.rpideploy.digest\":\"%s\"}}")
        .formatted(id, state, container, digest);
  }

  private final RemoteHost manager =
      new RemoteHost() {
        @Override
        public String name() {
          return "pi@pi:22";
        }

        @Override
        public ExecResult exec(Command command, Stdin stdin, OutputStream stdout) {
          return exec(command, stdin);
        }

        @Override
        public ExecResult exec(Command command, Stdin stdin) {
          String said =
              command.argv().stream()
                  .filter(answers::containsKey)
                  .findFirst()
                  .map(answers::get)
                  .orElse("sha256:new\n");
          return new ExecResult(0, null, said, "");
        }

        @Override
        public Socket socket() {
          throw new AssertionError("not asked for");
        }
      };
}
