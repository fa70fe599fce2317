package io.github.rpideploy.deploy.verify;

import io.github.rpideploy.deploy.verify.ContainerJudge.Judgement;
import io.github.rpideploy.docker.Container;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/** The containers of one service, most often a single one: it is good when each of them is. */
final class Replicas {

  private final Function<String, Optional<Container>> inspect;
  private final Pause pause;
  private final Duration interval;
  private final List<Replica> all;
  private Replica worst;

  private static final class Replica {

    private final String id;
    private final String name;
    private final ContainerJudge judge;
    private Optional<Container> container;
    private Judgement judgement = new Judgement.NotYet("not checked");

    Replica(String id, String name, ContainerJudge judge, Optional<Container> container) {
      this.id = id;
      this.name = name;
      this.judge = judge;
      this.container = container;
    }
  }

  /**
   * Looks at each container once.
   *
   * @param ids at least one
   * @param inspect tells how a container is now, empty when it is gone
   * @param judge makes the judge of a container with that id as it is now
   * @param interval from check to check while they settle
   */
  Replicas(
      List<String> ids,
      Function<String, Optional<Container>> inspect,
      BiFunction<String, Optional<Container>, ContainerJudge> judge,
      Pause pause,
      Duration interval) {
    this.inspect = inspect;
    this.pause = pause;
    this.interval = interval;
    List<Replica> replicas = new ArrayList<>();
    for (String id : ids) {
      String name =
          ids.size() == 1 ? "" : "container " + (replicas.size() + 1) + " of " + ids.size() + ": ";
      Optional<Container> container = inspect.apply(id);
      replicas.add(new Replica(id, name, judge.apply(id, container), container));
    }
    this.all = List.copyOf(replicas);
    this.worst = all.get(0);
  }

  /** Looks at each container again. */
  void look() {
    for (Replica replica : all) {
      replica.container = inspect.apply(replica.id);
    }
  }

  /**
   * Judges what was seen last, and when all are good, whether they stay so.
   *
   * @param settle for how long they must
   */
  Judgement judge(Duration settle) {
    for (Replica replica : all) {
      replica.judgement = replica.judge.judge(replica.container);
    }
    int seen = all.stream().mapToInt(replica -> replica.judge.seenRunning()).min().orElse(0);
    Duration left = settle.minus(interval.multipliedBy(Math.max(0, seen - 1)));
    boolean asked = all.stream().anyMatch(replica -> replica.judge.hasSmokeTests());
    while (together() instanceof Judgement.Good && (isPositive(left) || asked)) {
      asked = false;
      if (isPositive(left)) {
        pause.of(left.compareTo(interval) < 0 ? left : interval);
      }
      left = left.minus(interval);
      look();
      for (Replica replica : all) {
        replica.judgement =
            replica.judge.stillGood((Judgement.Good) replica.judgement, replica.container);
      }
    }
    return together();
  }

  /** The worst judgement, of the first container that has it. */
  private Judgement together() {
    worst = all.get(0);
    for (Replica replica : all) {
      if (badness(replica.judgement) > badness(worst.judgement)) {
        worst = replica;
      }
    }
    if (worst.judgement instanceof Judgement.Bad bad) {
      return new Judgement.Bad(worst.name + bad.reason());
    } else if (worst.judgement instanceof Judgement.NotYet notYet) {
      return new Judgement.NotYet(worst.name + notYet.state());
    }
    String evidence = ((Judgement.Good) worst.judgement).evidence();
    return new Judgement.Good(all.size() == 1 ? evidence : all.size() + " containers: " + evidence);
  }

  private static boolean isPositive(Duration duration) {
    return duration.compareTo(Duration.ZERO) > 0;
  }

  private static int badness(Judgement judgement) {
    return judgement instanceof Judgement.Bad ? 2 : judgement instanceof Judgement.NotYet ? 1 : 0;
  }

  /**
   * The container that was judged worst. One that has ended shows best how; one that runs may have
   * been restarted since, so it is looked at again.
   */
  Optional<Container> worst() {
    return worst.container.filter(Container::running).isEmpty()
        ? worst.container
        : inspect.apply(worst.id);
  }

  /** Whether Docker calls that container unhealthy. */
  boolean isUnhealthy() {
    return worst.container.filter(found -> found.health().equals("unhealthy")).isPresent();
  }

  /** What that container answered to a smoke test that did not pass; empty when it passed. */
  String answer() {
    return worst.judge.answer();
  }
}
