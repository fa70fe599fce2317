package io.github.rpideploy.deploy.stack;

import io.github.rpideploy.deploy.spec.Strategy;
import io.github.rpideploy.docker.Compose;
import io.github.rpideploy.docker.Docker;
import io.github.rpideploy.docker.HeldLock;
import io.github.rpideploy.docker.OldContainers;
import io.github.rpideploy.docker.ServiceChanges;
import io.github.rpideploy.docker.ServiceNow;
import io.github.rpideploy.image.ImageReference;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.remote.RemoteHost;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Compose on one Pi: it recreates containers, or starts new ones beside the old ones. */
public final class ComposeOrchestrator implements Orchestrator {

  private record Pi(String name, RemoteHost host, Docker docker) implements Node {}

  private final ComposeDirectory directory;
  private final Compose compose;
  private final Node pi;

  public ComposeOrchestrator(RemoteHost host, Docker docker, ComposeDirectory directory) {
    this.directory = directory;
    this.compose = directory.compose();
    this.pi = new Pi(host.hostName(), host, docker);
  }

  @Override
  public ServiceNow now(String service, ImageReference release, ImageReference live) {
    return compose.now(service, release.familiar(), live.familiarName(), live.familiar());
  }

  @Override
  public Map<String, String> digests() {
    return directory.hashes();
  }

  @Override
  public Optional<String> digest(String service) {
    return directory.hash(service);
  }

  @Override
  public ExecResult replace(HeldLock lock, Change change, Runnable untouched) {
    return compose
        .changes()
        .recreate(
            lock,
            new ServiceChanges.Change(
                change.service(),
                change.intent(),
                change.image(),
                change.live().familiar(),
                directory.uses(change.service()),
                change.beside(),
                change.replicas()),
            untouched);
  }

  @Override
  public ExecResult goBack(HeldLock lock, Change back) {
    List<String> old = back.beside();
    boolean served =
        !old.isEmpty()
            && compose
                .oldContainers()
                .withdraw(lock, back.service(), back.image(), back.live().familiar(), old);
    return served
        ? new ExecResult(0, null, String.join("\n", old), "")
        : replace(
            lock,
            new Change(back.service(), "", back.image(), back.live(), List.of(), 0),
            () -> {});
  }

  @Override
  public void settle(HeldLock lock, Collection<String> services, String good, boolean proved) {
    compose.changes().settle(lock, services, good, proved);
  }

  @Override
  public List<String> retire(
      HeldLock lock, String service, String good, Strategy strategy, List<String> old) {
    return compose
        .oldContainers()
        .retire(
            lock,
            service,
            good,
            true,
            new OldContainers.Retiring(old, strategy.drain().toSeconds(), strategy.drainCommand()));
  }

  @Override
  public List<String> wayBack() {
    return compose.changes().goBack();
  }

  @Override
  public List<String> containers(String service) {
    return compose.containers(service);
  }

  @Override
  public List<String> containersIfAny(String service) {
    return compose.containersIfAny(service);
  }

  @Override
  public Arrival arrival(String service, String image, List<String> made) {
    return new Arrival.Here(made);
  }

  @Override
  public String named() {
    return "Compose";
  }

  @Override
  public String commandsToSee(String service) {
    return "docker compose ps -a; docker compose logs " + service;
  }

  @Override
  public Node nodeOf(String container) {
    return pi;
  }
}
