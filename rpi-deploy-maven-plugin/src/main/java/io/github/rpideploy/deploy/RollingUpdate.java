package io.github.rpideploy.deploy;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.TargetList.Member;
import io.github.rpideploy.deploy.TargetList.Placed;
import io.github.rpideploy.deploy.spec.Policy;
import io.github.rpideploy.deploy.spec.RollingSpec.OnFailure;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Replaces the services of several Pis, which are locked and have the images. */
final class RollingUpdate {

  private final List<Member> members;
  private final OnFailure onFailure;

  /** Pis on which all services of a lane are good, and those on which one is not. */
  private final Set<Deployer> done = new LinkedHashSet<>();

  private final Set<Deployer> failed = new LinkedHashSet<>();

  RollingUpdate(List<Member> members, OnFailure onFailure) {
    this.members = members;
    this.onFailure = onFailure;
  }

  /**
   * Recreates and verifies what is in each batch, one batch after the other.
   *
   * @throws DeployException when a service is not good on one of the Pis
   */
  void run(List<Batch> batches) {
    run(batches, RollingUpdate::replace, RollingUpdate::replace);
  }

  /** Recreates and verifies a service on one Pi. */
  static void replace(Placed one) {
    one.deployer().recreate(one.candidate());
    one.deployer().verify(one.candidate());
  }

  /**
   * Does the same step to each service, one batch after the other.
   *
   * @param first the step for the first batch
   * @param then for those after it
   * @throws DeployException when it fails on one of the Pis
   */
  void run(List<Batch> batches, Consumer<Placed> first, Consumer<Placed> then) {
    List<DeployException> failures = new ArrayList<>();
    for (int i = 0; i < batches.size(); i++) {
      Batch batch = batches.get(i).without(failed);
      Map<Placed, DeployException> bad = sideBySide(batch, i == 0 ? first : then);
      failures.addAll(bad.values());
      if (bad.isEmpty() || onFailure == OnFailure.CONTINUE) {
        continue;
      }
      String culprit = bad.keySet().stream().map(this::named).collect(Collectors.joining(", "));
      for (Batch later : batches.subList(i + 1, batches.size())) {
        later.lanes().forEach(lane -> notDeployed(lane, culprit));
      }
      if (onFailure == OnFailure.ROLLBACK_ALL) {
        failures.set(0, allBack(failures.get(0), members));
      }
      break;
    }
    if (!failures.isEmpty()) {
      throw summary(failures, batches.size());
    }
  }

  /** The failures, each with the service that is not good. */
  private Map<Placed, DeployException> sideBySide(Batch batch, Consumer<Placed> step) {
    Map<Placed, DeployException> failures = new LinkedHashMap<>();
    SideBySide.start(batch.lanes(), batch.lanes().size(), lane -> run(lane, step))
        .values()
        .forEach(lane -> lane.join().ifPresent(bad -> failures.put(bad.service(), bad.failure())));
    return failures;
  }

  private record Bad(Placed service, DeployException failure) {}

  private Optional<Bad> run(List<Placed> lane, Consumer<Placed> step) {
    for (int i = 0; i < lane.size(); i++) {
      Placed one = lane.get(i);
      try {
        step.accept(one);
      } catch (DeployException e) {
        for (Placed later : lane.subList(i + 1, lane.size())) {
          boolean beside = later.deployer() == one.deployer();
          notDeployed(List.of(later), beside ? one.service() : named(one));
        }
        note(failed, List.of(one));
        Set<Deployer> pis = pis(lane);
        List<Member> own =
            members.stream().filter(member -> pis.contains(member.deployer())).toList();
        DeployException named = Member.of(one.deployer(), members).named(e);
        return Optional.of(new Bad(one, after(named, one, own)));
      }
    }
    note(done, lane);
    return Optional.empty();
  }

  private synchronized void note(Set<Deployer> where, List<Placed> lane) {
    where.addAll(pis(lane));
  }

  private static Set<Deployer> pis(List<Placed> lane) {
    return lane.stream().map(Placed::deployer).collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /**
   * Where the policy of a service that is not good is to roll back all, that goes for what was
   * replaced on the Pis in one order with it.
   *
   * @param order those Pis
   */
  DeployException after(DeployException failure, Placed bad, List<Member> order) {
    if (bad.candidate().spec().policy().rollback() != Policy.Rollback.ALL) {
      return failure;
    }
    return allBack(
        failure, order.stream().filter(member -> member.deployer() != bad.deployer()).toList());
  }

  /** Rolls back what was replaced there, the last Pi first. */
  private static DeployException allBack(DeployException failure, List<Member> pis) {
    List<Member> lastFirst = new ArrayList<>(pis);
    Collections.reverse(lastFirst);
    DeployException told = failure;
    for (Member member : lastFirst) {
      told = member.deployer().rollBackAllAfter(told, member::named);
    }
    return told;
  }

  private void notDeployed(List<Placed> services, String culprit) {
    services.forEach(one -> one.deployer().notDeployed(List.of(one.service()), culprit));
  }

  private String named(Placed one) {
    return Member.of(one.deployer(), members).named(one.service());
  }

  /** All that failed, and where several batches were to be replaced, how it stands on each Pi. */
  private DeployException summary(List<DeployException> failures, int batches) {
    DeployException all = all(failures);
    return batches > 1
        ? new DeployException(all.getMessage() + "\n" + standing(), all.hint(), all)
        : all;
  }

  /** Several failures as one, with the advice of the first. */
  static DeployException all(List<DeployException> failures) {
    DeployException first = failures.get(0);
    if (failures.size() == 1) {
      return first;
    }
    String text = failures.stream().map(Throwable::getMessage).collect(Collectors.joining("\n"));
    DeployException all = new DeployException(text, first.hint(), first);
    failures.stream().skip(1).forEach(all::addSuppressed);
    return all;
  }

  /** {@code 8 Pis: 2 on the new release (kitchen, attic), 1 failed (shed), …}. */
  private String standing() {
    Set<Deployer> good = new LinkedHashSet<>(done);
    good.removeAll(failed);
    Set<Deployer> untouched = new LinkedHashSet<>();
    members.forEach(member -> untouched.add(member.deployer()));
    untouched.removeAll(done);
    untouched.removeAll(failed);
    String change =
        onFailure == OnFailure.ROLLBACK_ALL ? "back on the old release" : "on the new release";
    return members.size()
        + " Pis: "
        + Stream.of(
                counted(good, change), counted(failed, "failed"), counted(untouched, "not touched"))
            .filter(some -> !some.isEmpty())
            .collect(Collectors.joining(", "));
  }

  private String counted(Set<Deployer> pis, String what) {
    String names =
        members.stream()
            .filter(member -> pis.contains(member.deployer()))
            .map(Member::name)
            .collect(Collectors.joining(", "));
    return pis.isEmpty() ? "" : pis.size() + " " + what + " (" + names + ")";
  }
}
