package io.github.rpideploy.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.RandomReactor.Failure;
import io.github.rpideploy.deploy.ship.Candidate;
import io.github.rpideploy.deploy.spec.Policy;
import io.github.rpideploy.report.Event;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Builds with threads, as Maven makes them, against a Pi in memory. */
class OrderedDeployTest {

  @TempDir private static Path directory;

  private static ReactorImages images;

  @BeforeAll
  static void images() {
    images = ReactorImages.in(directory);
  }

  @Test
  void in_three_hundred_builds_no_service_is_touched_before_its_turn_or_twice() throws Exception {
    for (long seed = 0; seed < 300; seed++) {
      new Build(RandomReactor.of(seed)).run();
    }
  }

  private static final class Build {

    private final RandomReactor reactor;
    private final Random random;
    private final Policy policy;
    private final Order order;
    private final ScriptedPi pi;
    private final List<Event> events = Collections.synchronizedList(new ArrayList<>());
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);

    Build(RandomReactor reactor) {
      this.reactor = reactor;
      this.random = new Random(~reactor.seed());
      Policy.Rollback[] rollbacks = Policy.Rollback.values();
      this.policy = new Policy(rollbacks[random.nextInt(rollbacks.length)], false);
      this.order = reactor.order();
      StringBuilder compose = new StringBuilder("services:\n");
      for (int i = 0; i < reactor.size(); i++) {
        String service = RandomReactor.service(i);
        compose.append("  " + service + ": {image: " + service + "}\n");
      }
      this.pi = new ScriptedPi(compose.toString());
    }

    void run() throws Exception {
      try (Deployer before = deployer()) {
        List<Candidate> all = new ArrayList<>();
        for (int i = 0; i < reactor.size(); i++) {
          all.add(candidate(i, images.old().get(i)));
        }
        before.deploy(all);
      }
      events.clear();
      if (reactor.failing() >= 0) {
        breakIt(reactor.failing());
      }
      Set<Integer> failed;
      try (Deployer deployer = deployer()) {
        failed = build(deployer);
      }
      check(failed);
    }

    /** As Maven's builder with threads: a module when those that it depends on are built. */
    private Set<Integer> build(Deployer deployer) throws Exception {
      ExecutorService threads = Executors.newFixedThreadPool(reactor.threads());
      CompletionService<Integer> ends = new ExecutorCompletionService<>(threads);
      Set<Integer> begun = new HashSet<>();
      Set<Integer> built = new HashSet<>();
      Set<Integer> failed = new HashSet<>();
      try {
        int running = 0;
        while (true) {
          for (Integer next = reactor.next(random, begun, built, failed);
              next != null;
              next = reactor.next(random, begun, built, failed)) {
            int module = next;
            begun.add(module);
            ends.submit(() -> module(deployer, module) ? module : ~module);
            running++;
          }
          if (running == 0) {
            return failed;
          }
          Future<Integer> end = ends.poll(2, TimeUnit.MINUTES);
          assertThat(end).as("%s is not stuck", reactor).isNotNull();
          int module = end.get();
          (module < 0 ? failed : built).add(module < 0 ? ~module : module);
          running--;
        }
      } finally {
        threads.shutdownNow();
      }
    }

    /** Whether the module was built. */
    private boolean module(Deployer deployer, int module) {
      String service = RandomReactor.service(module);
      try {
        if (reactor.fails(module, Failure.BUILD)) {
          return false;
        }
        if (reactor.fails(module, Failure.SHIP)) {
          throw new DeployException("not shipped", "");
        }
        Candidate candidate = candidate(module, images.next().get(module));
        deployer.ship(List.of(candidate));
        order.take(service, () -> deployer.recreate(candidate), a -> {});
        order.take(service, () -> deployer.verify(candidate), a -> {});
        return true;
      } catch (DeployException e) {
        return false;
      }
    }

    private void breakIt(int module) {
      if (reactor.failure() == Failure.VERIFY) {
        pi.statesOfImage.put(
            candidate(module, images.next().get(module)).tarball().configDigest().toString(),
            new ArrayDeque<>(List.of(ScriptedPi.state("exited", ",\"ExitCode\":1"))));
      } else if (reactor.failure() == Failure.RECREATE) {
        AtomicBoolean broken = new AtomicBoolean(true);
        String recreate = "recreate " + RandomReactor.service(module);
        pi.recreateResult =
            result ->
                pi.changes.get(pi.changes.size() - 1).equals(recreate) && broken.getAndSet(false)
                    ? ScriptedPi.failed("no")
                    : result;
      }
    }

    private void check(Set<Integer> failed) {
      Set<String> good = new HashSet<>();
      Set<String> bad = new HashSet<>();
      Set<String> recreated = new HashSet<>();
      for (Event event : List.copyOf(events)) {
        if (event instanceof Event.Recreating recreating) {
          int module = Integer.parseInt(recreating.service().replace("service-", ""));
          assertThat(recreated.add(recreating.service())).as("%s: once", reactor).isTrue();
          assertThat(good).as("%s: %s", reactor, event).containsAll(before(module));
          assertThat(bad).as("%s: %s", reactor, event).isEmpty();
        } else if (event instanceof Event.Verified verified) {
          good.add(verified.service());
        } else if (event instanceof Event.Failed failure) {
          bad.add(failure.service());
        }
      }
      String culprit = RandomReactor.service(Math.max(0, reactor.failing()));
      if (reactor.failing() >= 0 && recreated.contains(culprit)) {
        assertThat(bad).as("%s", reactor).contains(culprit);
        if (policy.rollback() != Policy.Rollback.ALL) {
          assertThat(bad).as("%s", reactor).hasSize(1);
        }
        assertThat(good).as("%s", reactor).doesNotContain(culprit);
      }
      if (reactor.failing() < 0) {
        assertThat(good).as("%s", reactor).hasSize(reactor.size());
        assertThat(failed).as("%s", reactor).isEmpty();
      }
      for (int module = 0; module < reactor.size(); module++) {
        String service = RandomReactor.service(module);
        boolean excused =
            failed.contains(module)
                || order.untold().containsKey(service)
                || order.leftOver().containsKey(service)
                || (reactor.failing() >= 0 && !recreated.contains(service));
        assertThat(good.contains(service) || excused).as("%s: %s", reactor, service).isTrue();
      }
    }

    private Set<String> before(int module) {
      Set<String> names = new HashSet<>();
      reactor.before(module).forEach(other -> names.add(RandomReactor.service(other)));
      return names;
    }

    private Deployer deployer() {
      return pi.deployer(null, events, now);
    }

    private Candidate candidate(int module, Path tarball) {
      return Candidate.read(
          Specs.of(
              RandomReactor.service(module),
              tarball,
              directory.resolve(RandomReactor.service(module) + ".log"),
              policy));
    }
  }
}
