package io.github.rpideploy.deploy;

import io.github.rpideploy.deploy.RandomReactor.Failure;
import io.github.rpideploy.deploy.ship.Candidate;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.it.lab.ResidentMaven;
import io.github.rpideploy.ssh.Pi;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real builds of real Mavens with the plugin as it is installed, over SSH, on a Pi in memory: what
 * a build does to the Pi is in order, whatever is random in it. Each run makes a sample of the
 * builds ({@link OrderSample}) and prints its seed.
 *
 * <ul>
 *   <li>{@code -Dit.test=OrderIT -Dorder.reactors=200}: all builds
 *   <li>{@code -Dit.test=OrderIT -Dorder.sample=1767225600000}: the sample of that seed again
 *   <li>{@code -Dit.test=OrderIT -Dorder.seed=17}: one build alone
 * </ul>
 */
class OrderIT {

  /** Only a build that hangs takes that long. */
  private static final Duration LIMIT = Duration.ofMinutes(3);

  @TempDir private static Path directory;

  private static ReactorImages images;

  @BeforeAll
  static void images() {
    images = ReactorImages.in(directory);
  }

  @Test
  void no_service_is_touched_before_its_turn_or_twice_and_the_build_ends_as_it_should()
      throws Exception {
    List<Long> seeds = seeds();
    ExecutorService mavens = Executors.newFixedThreadPool(2);
    try {
      CompletionService<Void> ends = new ExecutorCompletionService<>(mavens);
      ends.submit(() -> builds("maven.version", seeds));
      ends.submit(() -> builds("newest.maven.version", seeds));
      ends.take().get();
      ends.take().get();
    } finally {
      mavens.shutdownNow();
    }
  }

  private static List<Long> seeds() {
    Long one = Long.getLong("order.seed");
    if (one != null) {
      return List.of(one);
    }
    long sample = Long.getLong("order.sample", System.currentTimeMillis());
    List<Long> seeds =
        OrderSample.of(Integer.getInteger("order.reactors", OrderSample.SMALLEST), sample);
    System.out.printf(
        "%d of %d builds: -Dorder.sample=%d%n", seeds.size(), OrderSample.ALL, sample);
    return seeds;
  }

  private Void builds(String maven, List<Long> seeds) throws Exception {
    String version = System.getProperty(maven);
    Path own = directory.resolve(version);
    try (ResidentMaven resident = ResidentMaven.start(version, own)) {
      for (long seed : seeds) {
        new Case(RandomBuild.of(seed), version, own.resolve("build-" + seed)).run(resident);
      }
    }
    return null;
  }

  /** One build, and the Pi that it is for. */
  private static final class Case {

    private final RandomBuild build;
    private final String version;
    private final Path project;
    private final ScriptedPi pi;

    Case(RandomBuild build, String version, Path project) {
      this.build = build;
      this.version = version;
      this.project = project;
      this.pi = new ScriptedPi(ReactorProject.compose(build.reactor().size()));
    }

    void run(ResidentMaven maven) throws IOException, InterruptedException {
      RandomReactor reactor = build.reactor();
      if (!build.nothingThere()) {
        deployOld();
      }
      new ReactorProject(reactor, project, images.next()).write();
      prepare();
      ResidentMaven.Outcome outcome;
      try (Pi server = Pi.of(pi)) {
        List<String> arguments = new ArrayList<>(server.mavenOptions(project));
        arguments.add("-Drpi.layerCache=" + project.resolve("layers"));
        arguments.addAll(build.arguments());
        outcome = maven.build(project, arguments, LIMIT);
      }
      String label =
          "seed %d on Maven %s: %s%n%s%n%s"
              .formatted(reactor.seed(), version, build, pi.changes, outcome.output());
      OrderCheck check = new OrderCheck(build, label);
      check.pi(pi.changes, this::runsWhatWasBuilt);
      check.maven(outcome);
    }

    private boolean runsWhatWasBuilt(int module) {
      return pi.runs(RandomReactor.service(module)).equals(imageId(module));
    }

    private String imageId(int module) {
      return candidate(module, images.next().get(module)).tarball().configDigest().toString();
    }

    private void deployOld() {
      try (Deployer before =
          Deployers.connect(
              pi, new Stack("rpi/order", null), event -> {}, InstantSource.system(), pause -> {})) {
        List<Candidate> all = new ArrayList<>();
        for (int module = 0; module < build.reactor().size(); module++) {
          all.add(candidate(module, images.old().get(module)));
        }
        before.deploy(all);
      }
      pi.changes.clear();
    }

    private void prepare() {
      pi.heardInContainer =
          line -> pi.changes.add(line.replaceFirst("(?s).* exec container-(\\S+) .*", "good $1"));
      for (int module = 0; module < build.reactor().size(); module++) {
        boolean ends = build.reactor().fails(module, Failure.VERIFY);
        pi.statesOfImage.put(
            imageId(module),
            new ArrayDeque<>(
                List.of(
                    ends
                        ? ScriptedPi.state("exited", ",\"ExitCode\":1")
                        : ScriptedPi.health("healthy"))));
        if (build.reactor().fails(module, Failure.RECREATE)) {
          String recreate = "recreate " + RandomReactor.service(module);
          AtomicBoolean broken = new AtomicBoolean(true);
          pi.recreateResult =
              result ->
                  pi.changes.get(pi.changes.size() - 1).equals(recreate) && broken.getAndSet(false)
                      ? ScriptedPi.failed("no")
                      : result;
        }
      }
    }

    private Candidate candidate(int module, Path tarball) {
      return Candidate.read(
          Specs.of(
              RandomReactor.service(module),
              tarball,
              project.resolve(RandomReactor.service(module) + ".log")));
    }
  }
}
