package io.github.rpideploy.deploy;

import io.github.rpideploy.deploy.RandomReactor.Failure;
import io.github.rpideploy.deploy.ship.Candidate;
import io.github.rpideploy.deploy.spec.ServiceSpec;
import io.github.rpideploy.deploy.spec.SmokeSpec;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.deploy.verify.Pause;
import io.github.rpideploy.it.lab.Lab;
import io.github.rpideploy.it.lab.ResidentMaven;
import io.github.rpideploy.it.lab.TestService;
import io.github.rpideploy.ssh.SshConnection;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A handful of the builds of {@link OrderIT} on the Pi in a box: its Engine tells what happened to
 * containers, and in which order.
 */
class OrderOnPiIT {

  private static final Duration LIMIT = Duration.ofMinutes(8);

  @TempDir private Path directory;
  private final Lab lab = Lab.common();

  @Test
  void a_handful_of_random_reactors_on_a_real_pi() throws Exception {
    List<RandomBuild> handful = handful();
    List<String> versions =
        List.of(System.getProperty("maven.version"), System.getProperty("newest.maven.version"));
    for (String version : versions) {
      try (ResidentMaven maven = ResidentMaven.start(version, directory.resolve(version))) {
        for (int i = versions.indexOf(version); i < handful.size(); i += versions.size()) {
          run(handful.get(i), version, maven);
        }
      }
    }
  }

  /** Small ones, with threads, of both ways and both ends. */
  private static List<RandomBuild> handful() {
    Map<String, RandomBuild> byKind = new HashMap<>();
    LongStream.range(0, 2_000)
        .mapToObj(RandomBuild::of)
        .filter(build -> build.built().size() > 2 && build.reactor().size() < 5)
        .filter(build -> build.reactor().threads() > 1)
        .filter(
            build -> !build.hasToFail() || build.fails(build.reactor().failing(), Failure.VERIFY))
        .forEach(build -> byKind.putIfAbsent(build.way() + " " + build.hasToFail(), build));
    return List.copyOf(byKind.values());
  }

  private void run(RandomBuild build, String version, ResidentMaven maven) throws Exception {
    String name = "order-" + build.reactor().seed();
    String ours = "--filter label=com.docker.compose.project=" + name;
    Path project = directory.resolve(name);
    List<Path> olds = new ArrayList<>();
    List<Path> news = new ArrayList<>();
    for (int module = 0; module < build.reactor().size(); module++) {
      TestService service = new TestService(RandomReactor.service(module));
      String ends = build.reactor().fails(module, Failure.VERIFY) ? "exit 1" : TestService.RUNS;
      olds.add(service.smallTarball(directory, "old", ": old; " + TestService.RUNS));
      news.add(service.smallTarball(directory, "new", ": new; " + ends));
    }
    new ReactorProject(build.reactor(), project, news).write();
    if (!build.nothingThere()) {
      deploy(olds, new Stack("rpi/" + name, project.resolve("compose.yaml")));
    }
    String start = lab.ssh("date +%s.%N");
    List<String> arguments = new ArrayList<>(lab.mavenOptions());
    arguments.add("-Drpi.directory=rpi/" + name);
    arguments.add("-Drpi.layerCache=" + directory.resolve("layers"));
    arguments.addAll(build.arguments());
    ResidentMaven.Outcome outcome = maven.build(project, arguments, LIMIT);
    List<String> changes =
        lab.ssh(
                "docker events --since "
                    + start
                    + " --until $(date +%s.%N) --filter type=container "
                    + ours
                    + " --format '{{.Action}} {{index .Actor.Attributes"
                    + " \"com.docker.compose.service\"}} {{.Actor.Attributes.exitCode}}'")
            .lines()
            .map(OrderOnPiIT::change)
            .toList();
    String commands =
        lab.ssh(
            "docker ps -a --no-trunc "
                + ours
                + " --format '{{.Label \"com.docker.compose.service\"}} {{.Command}}'");
    lab.ssh("docker ps -aq " + ours + " | xargs -r docker rm -f");

    OrderCheck check =
        new OrderCheck(
            build,
            "on Maven %s: %s%n%s%n%s%n%s"
                .formatted(version, build, changes, commands, outcome.output()));
    check.pi(
        changes,
        module ->
            commands
                .lines()
                .anyMatch(
                    line ->
                        line.startsWith(RandomReactor.service(module) + " ")
                            && line.contains(": new")));
    check.maven(outcome);
  }

  private static String change(String event) {
    String[] words = event.split(" ", -1);
    return switch (words[0]) {
      case "start" -> "recreate " + words[1];
      case "exec_die" -> words[2].equals("0") ? "good " + words[1] : event;
      default -> event;
    };
  }

  private void deploy(List<Path> tarballs, Stack stack) throws Exception {
    try (SshConnection pi = SshConnection.open(lab.settings(), event -> {});
        Deployer deployer =
            Deployers.connect(pi, stack, event -> {}, InstantSource.system(), Pause.SLEEP)) {
      List<Candidate> candidates = new ArrayList<>();
      for (int module = 0; module < tarballs.size(); module++) {
        String service = RandomReactor.service(module);
        candidates.add(
            Candidate.read(
                new ServiceSpec(
                    service,
                    tarballs.get(module),
                    "linux/arm64",
                    SmokeSpec.NONE,
                    Duration.ofMinutes(3),
                    directory.resolve(service + ".log"))));
      }
      deployer.deploy(candidates);
    }
  }
}
