package io.github.rpideploy.deploy;

import io.github.rpideploy.DeployException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The order in which a build touches its services, whatever the order in which Maven reaches them:
 * no service before all its predecessors are good.
 *
 * <p>No thread waits. A step whose turn has not come is kept, and run by the thread whose step
 * makes it the turn: a thread of Maven that waited for another module could keep that module from
 * being built.
 */
public final class Order {

  /**
   * The place of a service.
   *
   * @param before its predecessors; those that are not in the order do not count
   * @param steps how many steps it takes until it is good
   */
  public record Turn(String service, Set<String> before, int steps) {

    /** Keeps a copy of the set. */
    public Turn {
      before = Set.copyOf(before);
    }
  }

  /** How far a service has come; guarded by the order's monitor. */
  private static final class Place {

    private final Turn turn;
    private final Deque<Runnable> kept = new ArrayDeque<>();
    private int done;
    private boolean busy;
    private boolean failed;
    private @Nullable DeployException untold;

    Place(Turn turn) {
      this.turn = turn;
    }

    boolean good() {
      return !failed && done >= turn.steps();
    }

    boolean touched() {
      return done > 0 || busy || failed;
    }
  }

  private final Map<String, Place> places = new LinkedHashMap<>();

  /**
   * @param turns the services of a build
   * @throws DeployException when some of them would wait for each other
   */
  public Order(List<Turn> turns) {
    sorted(turns).forEach(turn -> places.put(turn.service(), new Place(turn)));
  }

  /**
   * Sorts services so that each comes after its predecessors, and otherwise leaves their order.
   *
   * @throws DeployException when some of them would wait for each other
   */
  public static List<Turn> sorted(List<Turn> turns) {
    List<Turn> left = new ArrayList<>(turns);
    List<Turn> sorted = new ArrayList<>();
    while (!left.isEmpty()) {
      Set<String> names = new LinkedHashSet<>(left.stream().map(Turn::service).toList());
      Turn next =
          left.stream()
              .filter(turn -> turn.before().stream().noneMatch(names::contains))
              .findFirst()
              .orElseThrow(() -> circle(left, names));
      left.remove(next);
      sorted.add(next);
    }
    return sorted;
  }

  private static DeployException circle(List<Turn> left, Set<String> names) {
    List<String> walk = new ArrayList<>();
    String at = left.get(0).service();
    while (!walk.contains(at)) {
      walk.add(at);
      at = next(left, names, at);
    }
    List<String> circle = new ArrayList<>(walk.subList(walk.indexOf(at), walk.size()));
    circle.add(at);
    return new DeployException(
        "The services wait for each other: " + String.join(" after ", circle),
        "Fix <after> in one of these modules; nothing was changed");
  }

  private static String next(List<Turn> left, Set<String> names, String service) {
    return left.stream()
        .filter(turn -> turn.service().equals(service))
        .flatMap(turn -> turn.before().stream())
        .filter(names::contains)
        .sorted()
        .findFirst()
        .orElseThrow();
  }

  /**
   * Runs a step of a service, or keeps it until the turn of the service has come. Then runs the
   * kept steps whose turn this brings, of other services too.
   *
   * @param kept called when the step is kept, with the services that it waits for
   * @throws DeployException of the step when it was run, of an earlier step of the service that was
   *     kept, or because a predecessor has failed; never of another service's step
   */
  public void take(String service, Runnable step, Consumer<List<String>> kept) {
    Place own = Objects.requireNonNull(places.get(service), service);
    List<String> awaited;
    boolean mine;
    synchronized (this) {
      requireNoFailure(own);
      awaited = awaited(own);
      own.kept.add(step);
      mine = awaited.isEmpty() && !own.busy;
      own.busy |= mine;
    }
    if (!mine) {
      if (!awaited.isEmpty()) {
        kept.accept(awaited);
      }
      return;
    }
    run(own);
    for (Place other = claim(); other != null; other = claim()) {
      try {
        run(other);
      } catch (DeployException e) {
        remember(other, e);
      }
    }
  }

  /** The predecessor that has failed; empty when none has. */
  public synchronized Optional<String> failedBefore(String service) {
    Place place = places.get(service);
    return place == null ? Optional.empty() : Optional.ofNullable(failedBefore(place));
  }

  /** Whether a step of the service has begun. */
  public synchronized boolean isTouched(String service) {
    Place place = places.get(service);
    return place != null && place.touched();
  }

  /**
   * The services with steps that were kept and never run, each with the services that it waited
   * for; to be called when the build has ended.
   */
  public synchronized Map<String, List<String>> leftOver() {
    Map<String, List<String>> leftOver = new LinkedHashMap<>();
    places.forEach(
        (service, place) -> {
          if (!place.kept.isEmpty()) {
            leftOver.put(service, awaited(place));
          }
        });
    return leftOver;
  }

  /** The failures of kept steps that no later step of the service has thrown. */
  public synchronized Map<String, DeployException> untold() {
    Map<String, DeployException> untold = new LinkedHashMap<>();
    places.forEach(
        (service, place) -> {
          if (place.untold != null) {
            untold.put(service, place.untold);
          }
        });
    return untold;
  }

  private void requireNoFailure(Place own) {
    DeployException failure = own.untold;
    if (failure != null) {
      own.untold = null;
      throw failure;
    }
    String service = own.turn.service();
    String culprit = own.failed ? service : failedBefore(own);
    if (culprit != null) {
      throw new DeployException(
          service + " is not deployed: " + culprit + " failed before", "Fix " + culprit + " first");
    }
  }

  private @Nullable String failedBefore(Place own) {
    for (Place place : before(own)) {
      String culprit = place.failed ? place.turn.service() : failedBefore(place);
      if (culprit != null) {
        return culprit;
      }
    }
    return null;
  }

  private List<Place> before(Place own) {
    return places.values().stream()
        .filter(place -> own.turn.before().contains(place.turn.service()))
        .toList();
  }

  private List<String> awaited(Place own) {
    return before(own).stream()
        .filter(place -> !place.good())
        .map(place -> place.turn.service())
        .toList();
  }

  /** A service whose turn has come and whose steps no thread runs; the caller runs them now. */
  private synchronized @Nullable Place claim() {
    for (Place place : places.values()) {
      if (!place.busy && !place.kept.isEmpty() && awaited(place).isEmpty()) {
        place.busy = true;
        return place;
      }
    }
    return null;
  }

  /** Runs all steps of a service that the caller has claimed. */
  private void run(Place place) {
    boolean good = false;
    try {
      for (Runnable step = next(place); step != null; step = next(place)) {
        step.run();
        synchronized (this) {
          place.done++;
        }
      }
      good = true;
    } finally {
      if (!good) {
        fail(place);
      }
    }
  }

  private synchronized @Nullable Runnable next(Place place) {
    Runnable step = place.kept.poll();
    place.busy = step != null;
    return step;
  }

  private synchronized void fail(Place place) {
    place.failed = true;
    place.busy = false;
    place.kept.clear();
  }

  private synchronized void remember(Place place, DeployException failure) {
    place.untold = failure;
  }
}
