package io.github.rpideploy.maven;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.Order;
import io.github.rpideploy.deploy.spec.Predecessors;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.maven.project.MavenProject;

/**
 * The order of the services of a reactor: that of its modules, unless {@code after} changes it. It
 * is the order of the whole reactor, even when only a part of it is built.
 */
final class ReactorOrder {

  /**
   * A module that takes part.
   *
   * @param name of its service in the order
   * @param parameters those of its first step
   * @param built whether this build deploys it
   * @param steps how many goals that takes
   */
  private record Member(String name, Parameters parameters, boolean built, int steps) {

    String service() {
      return parameters.serviceName();
    }
  }

  private final Modules modules;
  private final Map<MavenProject, Member> members = new LinkedHashMap<>();
  private final List<Order.Turn> turns;

  /** The services of the modules that this build builds, in an order or not. */
  private final List<Parameters> services = new ArrayList<>();

  /**
   * @param steps those of this build that it takes until a module's service is good; none when it
   *     takes no part
   * @throws DeployException when services wait for each other
   */
  ReactorOrder(Modules modules, Function<MavenProject, List<Parameters>> steps) {
    this.modules = modules;
    Set<String> taken = new HashSet<>();
    for (MavenProject module : modules.all()) {
      Parameters itself = modules.parametersOf(module);
      if (!takesPart(itself)) {
        continue;
      }
      if (modules.built().contains(module)) {
        services.add(itself);
      }
      List<Parameters> own = steps.apply(module).stream().filter(this::takesPart).toList();
      if (!own.isEmpty()) {
        Parameters parameters = own.get(0);
        String service = parameters.serviceName();
        // Two Pis may have services of the same name.
        String name = taken.add(service) ? service : service + " of " + module.getArtifactId();
        boolean built = modules.built().contains(module);
        members.put(module, new Member(name, parameters, built, own.size()));
      }
    }
    this.turns =
        Order.sorted(members.values().stream().filter(Member::built).map(this::turn).toList());
  }

  private boolean takesPart(Parameters step) {
    return Participants.skipped(modules, step).isEmpty();
  }

  private Order.Turn turn(Member own) {
    Set<String> before = before(own).stream().map(Member::name).collect(Collectors.toSet());
    return new Order.Turn(own.name(), before, own.steps());
  }

  /** Of the services that this build deploys, each after those that come before it. */
  List<Order.Turn> turns() {
    return turns;
  }

  /** The name of the module's service in the order; empty when it has no place in it. */
  Optional<String> name(MavenProject module) {
    return Optional.ofNullable(members.get(module)).map(Member::name);
  }

  /** How many goals this build takes until the module's service is good. */
  int steps(MavenProject module) {
    Member own = members.get(module);
    return own == null ? 0 : own.steps();
  }

  /** These modules, each after those that come before it. */
  List<Parameters> sorted(List<Parameters> modules) {
    Map<String, Parameters> byName = new LinkedHashMap<>();
    modules.forEach(module -> name(module.project).ifPresent(name -> byName.put(name, module)));
    return turns.stream()
        .flatMap(turn -> Optional.ofNullable(byName.get(turn.service())).stream())
        .toList();
  }

  /**
   * Where the modules go that this build deploys, or only ships. One whose target is not configured
   * is not in it: its own goal says so.
   */
  Map<Parameters, List<TargetStack>> targets() {
    List<Parameters> deployed =
        members.values().stream().filter(Member::built).map(Member::parameters).toList();
    Map<Parameters, List<TargetStack>> targets = new LinkedHashMap<>();
    for (Parameters module : deployed.isEmpty() ? services : deployed) {
      List<TargetStack> own = targets(module);
      if (!own.isEmpty()) {
        targets.put(module, own);
      }
    }
    return targets;
  }

  /** What comes before the module's service on one of its Pis. */
  Predecessors predecessors(MavenProject module, TargetStack target) {
    Member own = members.get(module);
    if (own == null) {
      return Predecessors.NONE;
    }
    Set<String> all = new LinkedHashSet<>();
    Set<String> running = new LinkedHashSet<>(strangers(own));
    for (Member before : before(own)) {
      if (targets(before.parameters()).contains(target)) {
        all.add(before.service());
        if (!before.built()) {
          running.add(before.service());
        }
      }
    }
    return new Predecessors(all, running, own.parameters().requirePredecessors);
  }

  /**
   * What must be good on a Pi to which the module's service does not go.
   *
   * @param settings of a module that goes there
   */
  record Elsewhere(TargetStack target, Parameters settings, Predecessors predecessors) {}

  /**
   * What comes before the module's service, shares no Pi with it, and is left out by this build.
   */
  List<Elsewhere> elsewhere(MavenProject module) {
    Member own = members.get(module);
    if (own == null) {
      return List.of();
    }
    List<TargetStack> ownTargets = targets(own.parameters());
    Map<TargetStack, List<Member>> byTarget = new LinkedHashMap<>();
    for (Member before : before(own)) {
      List<TargetStack> there = before.built() ? List.of() : targets(before.parameters());
      if (Collections.disjoint(ownTargets, there)) {
        there.forEach(
            target -> byTarget.computeIfAbsent(target, any -> new ArrayList<>()).add(before));
      }
    }
    return byTarget.entrySet().stream()
        .map(
            there ->
                new Elsewhere(
                    there.getKey(),
                    there.getValue().get(0).parameters(),
                    new Predecessors(
                        Set.of(),
                        there.getValue().stream().map(Member::service).collect(Collectors.toSet()),
                        own.parameters().requirePredecessors)))
        .toList();
  }

  /** Where a module goes; nowhere when that is configured incompletely, as its own goal says. */
  private List<TargetStack> targets(Parameters module) {
    try {
      return modules.targets(module);
    } catch (DeployException e) {
      return List.of();
    }
  }

  /** Services that {@code after} names and that no module deploys. */
  private Set<String> strangers(Member own) {
    Set<String> strangers = new LinkedHashSet<>();
    if (own.parameters().after != null) {
      strangers.addAll(own.parameters().after);
      members.values().forEach(member -> strangers.remove(member.service()));
    }
    return strangers;
  }

  /** All that come before it, directly or not, in this build or not. */
  private Set<Member> before(Member own) {
    Set<Member> found = new LinkedHashSet<>();
    List<Member> open = new ArrayList<>(directlyBefore(own));
    while (!open.isEmpty()) {
      Member next = open.remove(0);
      if (found.add(next)) {
        open.addAll(directlyBefore(next));
      }
    }
    return found;
  }

  private List<Member> directlyBefore(Member own) {
    List<Member> all = new ArrayList<>(members.values());
    List<String> after = own.parameters().after;
    return after == null
        ? all.subList(0, all.indexOf(own))
        : all.stream()
            .filter(other -> !other.equals(own) && after.contains(other.service()))
            .toList();
  }
}
