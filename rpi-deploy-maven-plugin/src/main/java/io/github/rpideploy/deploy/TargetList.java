package io.github.rpideploy.deploy;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.ship.Candidate;
import io.github.rpideploy.deploy.spec.RollingSpec;
import io.github.rpideploy.deploy.spec.ServiceSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The Pis that a build deploys to: one order of services across all of them. Each has its own
 * connection, deploy lock, guard and history.
 */
public final class TargetList {

  private final List<Member> members;
  private final RollingSpec rolling;

  /** Services whose verification goes on with the next Pis. */
  private final Set<String> begun = ConcurrentHashMap.newKeySet();

  /**
   * One of the Pis.
   *
   * @param name empty when it is the only one
   * @param services that go there
   */
  public record Member(String name, Deployer deployer, List<String> services) {

    /** The one of a Pi. */
    static Member of(Deployer deployer, List<Member> members) {
      return members.stream()
          .filter(member -> member.deployer == deployer)
          .findFirst()
          .orElseThrow();
    }

    /** Names what happens there. */
    String named(String text) {
      return name.isEmpty() ? text : name + ": " + text;
    }

    /** The same failure, which says where. */
    DeployException named(DeployException failure) {
      return new DeployException(named(failure.getMessage()), failure.hint(), failure);
    }

    private String namedServices() {
      return named(String.join(", ", services));
    }
  }

  /**
   * A service and where it goes.
   *
   * @param deployer of one of the Pis of the list
   */
  public record Placed(Deployer deployer, Candidate candidate) {

    String service() {
      return candidate.service();
    }
  }

  /**
   * A service of a build whose modules deploy themselves.
   *
   * @param name no other module's
   * @param placed where it goes, in order
   */
  public record Service(String name, List<Placed> placed) {}

  /**
   * @param members in the order in which every build locks them: so two builds never wait for each
   *     other
   */
  public TargetList(List<Member> members, RollingSpec rolling) {
    this.members = List.copyOf(members);
    this.rolling = rolling;
  }

  /**
   * Takes the deploy locks of all Pis, or makes sure that they are still held.
   *
   * @throws DeployException when one of them cannot be taken
   */
  public void lock() {
    onEach(1, member -> member.deployer().lock(member.services()));
  }

  /**
   * Locks all Pis, ships to them side by side, then recreates and verifies one service after the
   * other: where all services go to the same Pis, all of them on one Pi (or on a batch of Pis)
   * after the other, else in the given order, whichever Pi each is on.
   *
   * @param services in order, each with the Pis it goes to, in order
   * @throws DeployException when a service is not good on one of them
   */
  public void deploy(List<List<Placed>> services) {
    if (members.size() == 1) {
      // Where other Pis are left out, a service may have no place.
      List<Candidate> all = services.stream().flatMap(List::stream).map(Placed::candidate).toList();
      members.get(0).deployer().deploy(all);
      return;
    }
    try {
      lock();
      shipAll(services, List.of());
      new RollingUpdate(members, rolling.onFailure()).run(Batch.of(services, rolling.batch()));
    } catch (RuntimeException e) {
      finish(e);
      throw e;
    }
    members.forEach(member -> member.deployer().finish());
  }

  /**
   * Sends a service to its Pis side by side.
   *
   * @param nodes as for {@link Deployer#ship(List, List)}
   * @throws DeployException when it does not arrive on one of them
   */
  public void ship(Service service, List<String> nodes) {
    lock();
    shipAll(List.of(service.placed()), nodes);
  }

  /**
   * Recreates a service on its Pis, one batch of them after the other; where it is to be verified,
   * only on the first batch: {@link #verify} goes on.
   *
   * @param verified whether {@link #verify} follows in this build
   * @throws DeployException when it fails on one of them
   */
  public void recreate(Service service, boolean verified) {
    List<Batch> batches = batches(service);
    if (verified) {
      begun.add(service.name());
    }
    rolling(verified ? batches.subList(0, 1) : batches, TargetList::recreate, TargetList::recreate);
  }

  /**
   * Waits until a service is proved good on its Pis; where {@link #recreate} has left some of them
   * to this, it is recreated there, one batch after the other.
   *
   * @throws DeployException when it is not good on one of them
   */
  public void verify(Service service) {
    boolean goesOn = begun.remove(service.name());
    rolling(
        batches(service), TargetList::verify, goesOn ? RollingUpdate::replace : TargetList::verify);
  }

  private static void recreate(Placed one) {
    one.deployer().recreate(one.candidate());
  }

  private static void verify(Placed one) {
    one.deployer().verify(one.candidate());
  }

  private List<Batch> batches(Service service) {
    return Batch.of(List.of(service.placed()), rolling.batch());
  }

  private void rolling(List<Batch> batches, Consumer<Placed> first, Consumer<Placed> then) {
    new RollingUpdate(members, rolling.onFailure()).run(batches, first, then);
  }

  /** Reports for one Pi after the other what {@link #deploy} would do; nothing is changed. */
  public void plan(List<List<Placed>> services) {
    byDeployer(services).forEach(Deployer::plan);
  }

  /**
   * Lets services run earlier releases, on one Pi after the other.
   *
   * @param services of each Pi, in order; the last one goes back first
   * @param to as for {@link Deployer#rollBack}
   * @throws DeployException when a service does not go back on one of them
   */
  public void rollBack(Map<Deployer, List<ServiceSpec>> services, String to) {
    List<DeployException> failures = new ArrayList<>();
    List<String> culprits = new ArrayList<>();
    services.forEach(
        (deployer, own) -> {
          Member member = Member.of(deployer, members);
          if (!failures.isEmpty() && rolling.onFailure() != RollingSpec.OnFailure.CONTINUE) {
            deployer.notDeployed(member.services(), String.join(", ", culprits));
            return;
          }
          try {
            deployer.rollBack(own, to);
          } catch (DeployException e) {
            failures.add(member.named(e));
            culprits.add(member.namedServices());
          }
        });
    if (!failures.isEmpty()) {
      throw RollingUpdate.all(failures);
    }
  }

  /**
   * What follows when a service that is in one order with those on other Pis is not good: where its
   * policy is to roll back all, that goes for the services on the other Pis too, the last one
   * first.
   *
   * @param deployer of the failed service; it has rolled back what is on its own Pi
   * @return the failure as the user is to see it
   */
  public DeployException after(DeployException failure, Deployer deployer, Candidate failed) {
    RollingUpdate update = new RollingUpdate(members, rolling.onFailure());
    return update.after(failure, new Placed(deployer, failed), members);
  }

  private void shipAll(List<List<Placed>> services, List<String> nodes) {
    Map<Deployer, List<Candidate>> candidates = byDeployer(services);
    onEach(
        rolling.parallelShips(),
        member -> {
          List<Candidate> own = candidates.getOrDefault(member.deployer(), List.of());
          if (!own.isEmpty()) {
            member.deployer().ship(own, nodes);
          }
        });
  }

  /**
   * Does something that touches nothing live on each Pi, so what is under way may end when one of
   * them fails.
   *
   * @param width how many at the same time
   */
  private void onEach(int width, Consumer<Member> step) {
    Map<Member, RuntimeException> failures = new LinkedHashMap<>();
    SideBySide.start(
            members,
            width,
            member -> {
              step.accept(member);
              return true;
            })
        .forEach(
            (member, done) -> {
              try {
                done.join();
              } catch (CompletionException e) {
                failures.put(
                    member,
                    e.getCause() instanceof DeployException cause ? member.named(cause) : e);
              }
            });
    if (failures.isEmpty()) {
      return;
    }
    String culprits =
        failures.keySet().stream().map(Member::namedServices).collect(Collectors.joining(", "));
    for (Member member : members) {
      if (!failures.containsKey(member)) {
        member.deployer().notDeployed(member.services(), culprits);
      }
    }
    List<RuntimeException> all = List.copyOf(failures.values());
    all.stream().skip(1).forEach(all.get(0)::addSuppressed);
    throw all.get(0);
  }

  private void finish(RuntimeException failure) {
    for (Member member : members) {
      try {
        member.deployer().finish();
      } catch (RuntimeException e) {
        failure.addSuppressed(e);
      }
    }
  }

  private static Map<Deployer, List<Candidate>> byDeployer(List<List<Placed>> services) {
    Map<Deployer, List<Candidate>> byDeployer = new LinkedHashMap<>();
    for (List<Placed> service : services) {
      for (Placed one : service) {
        byDeployer.computeIfAbsent(one.deployer(), any -> new ArrayList<>()).add(one.candidate());
      }
    }
    return byDeployer;
  }
}
