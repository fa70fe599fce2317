package io.github.rpideploy.maven;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.Deployer;
import io.github.rpideploy.deploy.SideBySide;
import io.github.rpideploy.deploy.TargetList;
import io.github.rpideploy.deploy.spec.RollingSpec;
import io.github.rpideploy.maven.TargetsParameters.Unreachable;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.ssh.SshConnection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.BiFunction;

/**
 * The Pis of a build that can be reached.
 *
 * @param deployers of each Pi, in the order in which every build locks them
 * @param modules what goes to each
 * @param missing why each of the others could not be reached
 * @param list the same for the use case
 */
record ConnectedTargets(
    Map<TargetStack, Deployer> deployers,
    Map<TargetStack, List<Parameters>> modules,
    Map<TargetStack, DeployException> missing,
    TargetList list,
    BuildSession build) {

  /** More threads would not connect faster. */
  private static final int SIDE_BY_SIDE = 8;

  /**
   * Connects to all Pis side by side.
   *
   * @param modules what goes to each, in the order in which every build locks them
   * @param connect the deployer of a module on one of its Pis
   * @param settings says what happens with one that cannot be reached
   * @throws DeployException when that is not allowed, or none can be reached, or one is not fit;
   *     each service of its has failed then
   */
  static ConnectedTargets of(
      Map<TargetStack, List<Parameters>> modules,
      BiFunction<Parameters, TargetStack, Deployer> connect,
      Parameters settings,
      BuildSession build) {
    boolean mayBeLeft = settings.unreachable() != Unreachable.FAIL;
    RollingSpec rolling = settings.rolling();
    Map<TargetStack, Deployer> deployers = new LinkedHashMap<>();
    Map<TargetStack, DeployException> failures = new LinkedHashMap<>();
    // Each module is asked for, so that settings of the others that are ignored are told.
    SideBySide.start(
            modules.keySet(),
            Math.min(SIDE_BY_SIDE, modules.size()),
            target ->
                modules.getOrDefault(target, List.of()).stream()
                    .map(module -> connect.apply(module, target))
                    .toList()
                    .get(0))
        .forEach(
            (target, result) -> {
              try {
                deployers.put(target, result.join());
              } catch (CompletionException e) {
                failures.put(target, failure(e));
              }
            });
    boolean left = mayBeLeft && !deployers.isEmpty();
    if (!failures.isEmpty()
        && !(left && failures.values().stream().allMatch(SshConnection::isUnreachable))) {
      throw failed(modules, failures, build);
    }
    failures.forEach(
        (target, why) ->
            build
                .reporter(target)
                .report(new Event.Warning("This Pi is left out: " + why.getMessage())));
    return new ConnectedTargets(
        deployers, modules, failures, list(deployers, modules, rolling, build), build);
  }

  private static DeployException failure(CompletionException e) {
    if (e.getCause() instanceof DeployException known) {
      return known;
    }
    throw e;
  }

  private static DeployException failed(
      Map<TargetStack, List<Parameters>> modules,
      Map<TargetStack, DeployException> failures,
      BuildSession build) {
    List<String> texts = new ArrayList<>();
    failures.forEach(
        (target, failure) -> {
          texts.add(build.name(target).map(name -> name + ": ").orElse("") + failure.getMessage());
          modules
              .getOrDefault(target, List.of())
              .forEach(
                  module ->
                      build
                          .reporter(target)
                          .report(new Event.Failed(module.serviceName(), failure.getMessage())));
        });
    DeployException first = failures.values().iterator().next();
    DeployException all = new DeployException(String.join("\n", texts), first.hint(), first);
    failures.values().stream().skip(1).forEach(all::addSuppressed);
    return all;
  }

  private static TargetList list(
      Map<TargetStack, Deployer> deployers,
      Map<TargetStack, List<Parameters>> modules,
      RollingSpec rolling,
      BuildSession build) {
    List<TargetList.Member> members = new ArrayList<>();
    deployers.forEach(
        (target, deployer) ->
            members.add(
                new TargetList.Member(
                    build.name(target).orElse(""),
                    deployer,
                    modules.getOrDefault(target, List.of()).stream()
                        .map(Parameters::serviceName)
                        .toList())));
    return new TargetList(members, rolling);
  }

  /** Each Pi of the module is left out. */
  static void reportLeft(Parameters module, BuildSession build) {
    build
        .reporter()
        .report(
            new Event.NotDeployed(module.serviceName(), "no Pi that it goes to could be reached"));
  }

  /** The modules that go to the Pi. */
  List<Parameters> servicesOn(TargetStack target) {
    return modules.getOrDefault(target, List.of());
  }

  /** Empty where the Pi is left out. */
  Optional<Deployer> deployer(TargetStack target) {
    return Optional.ofNullable(deployers.get(target));
  }

  /**
   * To be called when the others are done.
   *
   * @throws DeployException when a Pi was left out, and the build is to fail for it
   */
  void requireAll(Parameters settings) {
    failureOf(missing.keySet(), settings)
        .ifPresent(
            failure -> {
              throw failure;
            });
  }

  /**
   * What fails the build at its end, where that is asked for.
   *
   * @param own where something was to go
   */
  Optional<DeployException> failureOf(Collection<TargetStack> own, Parameters settings) {
    List<String> names =
        own.stream()
            .filter(missing::containsKey)
            .map(target -> build.name(target).orElse(target.name()))
            .toList();
    if (names.isEmpty() || settings.unreachable() != Unreachable.FAIL_AT_END) {
      return Optional.empty();
    }
    return Optional.of(
        new DeployException(
            String.join(", ", names)
                + " could not be reached; what was asked for is done on the other "
                + deployers.size(),
            "Run it again for what is left: -Drpi.targets=" + String.join(",", names)));
  }
}
