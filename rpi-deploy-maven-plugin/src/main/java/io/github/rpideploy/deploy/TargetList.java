package io.github.rpideploy.deploy;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.ship.Candidate;
import io.github.rpideploy.deploy.spec.Policy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/**
 * The Pis that a build deploys to: one order of services across all of them. Each has its own
 * connection, deploy lock, guard and history.
 */
public final class TargetList {

  /** So many Pis are sent to at the same time. */
  private static final int SIDE_BY_SIDE = 4;

  private final Map<Deployer, List<String>> services;

  /**
   * A service and where it goes.
   *
   * @param deployer of one of the Pis of the list
   */
  public record Placed(Deployer deployer, Candidate candidate) {}

  /**
   * @param services of each Pi, in the order in which every build locks the Pis: so two builds
   *     never wait for each other
   */
  public TargetList(Map<Deployer, List<String>> services) {
    this.services = new LinkedHashMap<>(services);
  }

  /**
   * Takes the deploy locks of all Pis, or makes sure that they are still held.
   *
   * @throws DeployException when one of them cannot be taken
   */
  public void lock() {
    onEach(Runnable::run, Deployer::lock);
  }

  /**
   * Locks all Pis, ships to them side by side, then recreates and verifies one service after the
   * other in the given order, whichever Pi it is on.
   *
   * @throws DeployException of the first service that fails; later ones are not touched
   */
  public void deploy(List<Placed> order) {
    if (services.size() == 1) {
      services.keySet().iterator().next().deploy(order.stream().map(Placed::candidate).toList());
      return;
    }
    try {
      lock();
      ship(order);
      replace(order);
    } catch (RuntimeException e) {
      finish(e);
      throw e;
    }
    services.keySet().forEach(Deployer::finish);
  }

  /** Reports for one Pi after the other what {@link #deploy} would do; nothing is changed. */
  public void plan(List<Placed> order) {
    byDeployer(order).forEach(Deployer::plan);
  }

  /**
   * What follows when a service is not good: where its policy is to roll back all, that goes for
   * the services on the other Pis too, the last one first.
   *
   * @param deployer of the failed service; it has rolled back what is on its own Pi
   * @return the failure as the user is to see it
   */
  public DeployException after(DeployException failure, Deployer deployer, Candidate failed) {
    if (failed.spec().policy().rollback() != Policy.Rollback.ALL) {
      return failure;
    }
    List<Deployer> others = new ArrayList<>(services.keySet());
    others.remove(deployer);
    Collections.reverse(others);
    DeployException told = failure;
    for (Deployer other : others) {
      told = other.rollBackAllAfter(told);
    }
    return told;
  }

  private void ship(List<Placed> order) {
    Map<Deployer, List<Candidate>> candidates = byDeployer(order);
    ExecutorService threads = Executors.newFixedThreadPool(SIDE_BY_SIDE);
    try {
      onEach(
          threads, (deployer, any) -> deployer.ship(candidates.getOrDefault(deployer, List.of())));
    } finally {
      threads.shutdown();
    }
  }

  /**
   * Does something that touches nothing live on each Pi, so what is under way may end when one of
   * them fails.
   */
  private void onEach(Executor threads, BiConsumer<Deployer, List<String>> step) {
    Map<Deployer, CompletableFuture<Void>> steps = new LinkedHashMap<>();
    services.forEach(
        (deployer, own) ->
            steps.put(
                deployer, CompletableFuture.runAsync(() -> step.accept(deployer, own), threads)));
    Map<Deployer, RuntimeException> failures = new LinkedHashMap<>();
    steps.forEach(
        (deployer, done) -> {
          try {
            done.join();
          } catch (CompletionException e) {
            failures.put(
                deployer,
                e.getCause() instanceof RuntimeException cause ? cause : new RuntimeException(e));
          }
        });
    if (failures.isEmpty()) {
      return;
    }
    String culprits =
        services.entrySet().stream()
            .filter(entry -> failures.containsKey(entry.getKey()))
            .flatMap(entry -> entry.getValue().stream())
            .collect(Collectors.joining(", "));
    services.forEach(
        (deployer, own) -> {
          if (!failures.containsKey(deployer)) {
            deployer.notDeployed(own, culprits);
          }
        });
    List<RuntimeException> all = List.copyOf(failures.values());
    all.stream().skip(1).forEach(all.get(0)::addSuppressed);
    throw all.get(0);
  }

  private void replace(List<Placed> order) {
    for (int i = 0; i < order.size(); i++) {
      Placed one = order.get(i);
      try {
        one.deployer().recreate(one.candidate());
        one.deployer().verify(one.candidate());
      } catch (DeployException e) {
        String culprit = one.candidate().service();
        order
            .subList(i + 1, order.size())
            .forEach(
                later ->
                    later.deployer().notDeployed(List.of(later.candidate().service()), culprit));
        throw after(e, one.deployer(), one.candidate());
      }
    }
  }

  private void finish(RuntimeException failure) {
    for (Deployer deployer : services.keySet()) {
      try {
        deployer.finish();
      } catch (RuntimeException e) {
        failure.addSuppressed(e);
      }
    }
  }

  private static Map<Deployer, List<Candidate>> byDeployer(List<Placed> order) {
    Map<Deployer, List<Candidate>> byDeployer = new LinkedHashMap<>();
    order.forEach(
        one ->
            byDeployer
                .computeIfAbsent(one.deployer(), any -> new ArrayList<>())
                .add(one.candidate()));
    return byDeployer;
  }
}
