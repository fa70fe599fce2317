package io.github.rpideploy.maven;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.spec.Patience;
import io.github.rpideploy.deploy.spec.Policy;
import io.github.rpideploy.deploy.spec.ServiceSpec;
import io.github.rpideploy.deploy.spec.Strategy;
import io.github.rpideploy.maven.parameters.Choice;
import io.github.rpideploy.maven.parameters.DurationParameter;
import java.io.File;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.project.MavenProject;
import org.jspecify.annotations.Nullable;

/** The parameters that all goals share; their Javadoc is the manual. */
abstract class Parameters extends SmokeParameters {

  /**
   * The name of the module's service in the compose file. With {@code -D} it chooses one service of
   * the build.
   *
   * <ul>
   *   <li>Value: a service name
   *   <li>Default: the artifactId
   *   <li>Example: {@code -Drpi.service=auth-server}
   * </ul>
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.service")
  @Nullable String service;

  /**
   * The image tarball: what Jib's {@code buildTar} has made, or any other builder in Docker's or
   * the OCI's format ({@code docker save}, buildx, Podman, skopeo, buildpacks). Of an image for
   * several platforms, {@code rpi.platform} is taken; of several images, the one that the local
   * compose file names for the service. One that is compressed as a whole is unpacked into {@code
   * target/rpi}. A module whose build does not run Jib names {@code rpi.service}, too.
   *
   * <ul>
   *   <li>Value: a file; a relative path starts at the module
   *   <li>Example: {@code -Drpi.imageTar=target/image.tar}
   * </ul>
   *
   * @since 0.1.0
   */
  @Parameter(
      property = "rpi.imageTar",
      defaultValue = "${project.build.directory}/jib-image.tar",
      required = true)
  File imageTar;

  /**
   * The platform that images must be built for. Jib builds for {@code linux/amd64} by default, so a
   * tarball for another platform is refused before anything is sent.
   *
   * <ul>
   *   <li>Value: {@code os/architecture}, with a variant if needed
   *   <li>Example: {@code -Drpi.platform=linux/arm/v7}
   * </ul>
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.platform", defaultValue = "linux/arm64")
  String platform;

  /**
   * How long a recreated service may take to become good. Where it is not configured, a service
   * that Docker calls unhealthy for 30 seconds fails then, unless it has become good as late as
   * that before.
   *
   * <ul>
   *   <li>Value: a duration: {@code 90s}, {@code 2m}, or a number of seconds
   *   <li>Default: 2 minutes, or three times the longest of the service's last five good starts on
   *       this Pi if that is more
   *   <li>Example: {@code -Drpi.timeout=5m}
   * </ul>
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.timeout")
  @Nullable String timeout;

  /**
   * What goes back to the release that ran before when a recreated service is not good. With {@code
   * service}, that service goes back. With {@code all}, every service that this build has replaced
   * goes back, the last one first. With {@code none}, the failed service stays for inspection.
   * Whatever goes back is verified too. The build fails in any case.
   *
   * <ul>
   *   <li>Value: {@code service}, {@code all} or {@code none}
   *   <li>Example: {@code -Drpi.rollback=all}
   * </ul>
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.rollback", defaultValue = "service")
  String rollback;

  /**
   * How the service comes to run another release. With {@code recreate}, compose replaces its
   * container, and it is away until the new one serves. With {@code rollout}, the new container is
   * started beside the old one, and the old one goes when the new one is verified: with a proxy in
   * front that finds both, no request is lost (see docs/zero-downtime.md). A service of which only
   * one container can run is refused before anything is sent: one that publishes a port, has a
   * {@code container_name}, or writes to a volume. With {@code auto}, such a service is recreated,
   * and the build says why.
   *
   * <ul>
   *   <li>Value: {@code recreate}, {@code rollout} or {@code auto}
   *   <li>Example: {@code -Drpi.strategy=rollout}
   * </ul>
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.strategy", defaultValue = "recreate")
  String strategy;

  /**
   * What happens between the moment when a new container is verified and the moment when the old
   * one beside it is told to stop ({@code rpi.strategy=rollout}): so long it goes on, until the
   * proxy in front knows the new one and open requests are answered. Or a command line that is run
   * in the old container, which must have a shell ({@code sh}) and end within a minute: one that
   * lets its health check fail, and waits.
   *
   * <ul>
   *   <li>Value: a duration: {@code 5s}, {@code 1m}, {@code 0}; or a shell command line
   *   <li>Example: {@code -Drpi.drain="touch /tmp/drain && sleep 5"}
   * </ul>
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.drain", defaultValue = "5s")
  String drain;

  /**
   * Recreates the service even if it already runs this image with this compose configuration and is
   * good.
   *
   * <ul>
   *   <li>Example: {@code -Drpi.force=true}
   * </ul>
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.force", defaultValue = "false")
  boolean force;

  /**
   * How many of the service's newest good releases stay on the Pi, so that {@code rpi:rollback} can
   * go back to them and their layers need not be sent again. Older ones are removed after every
   * deploy, even a failed one. A release that failed or was only shipped does not count: of those,
   * only the last one stays, for the next try. An image also stays while a container runs it, or
   * while it has a tag besides its release tag.
   *
   * <ul>
   *   <li>Value: a number of releases
   *   <li>Example: {@code -Drpi.keep=5}
   * </ul>
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.keep", defaultValue = "3")
  int keep;

  /**
   * The services that must be verified before this one is recreated. An empty {@code <after/>}
   * means none: this service may be recreated as soon as it is shipped. A named service that no
   * module deploys must be running on the Pi.
   *
   * <ul>
   *   <li>Value: a list of services in the POM, or names with commas
   *   <li>Default: every service whose module comes earlier in the reactor
   *   <li>Example: {@code -Drpi.after=auth-server}, or {@code
   *       <after><service>auth-server</service></after>}
   * </ul>
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.after")
  @Nullable List<String> after;

  /**
   * Whether services that come before this one, and that this build does not deploy ({@code -pl},
   * {@code -rf}), must be running and healthy on the Pi that they go to. With {@code true} the
   * build fails otherwise, before anything is changed. With {@code false} it only warns.
   *
   * <ul>
   *   <li>Example: {@code -Drpi.requirePredecessors=false}
   * </ul>
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.requirePredecessors", defaultValue = "true")
  boolean requirePredecessors;

  /**
   * Skips this module.
   *
   * <ul>
   *   <li>Example: {@code -Drpi.skip=true}
   * </ul>
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.skip", defaultValue = "false")
  boolean skip;

  /** The name of the module's service. */
  String serviceName() {
    return service == null ? project.getArtifactId() : service;
  }

  /** The module's service as it is configured. */
  ServiceSpec spec(MavenProject root) {
    return new ServiceSpec(
        ServiceSpec.requireName(serviceName()),
        Objects.requireNonNull(file("imageTar", imageTar.getPath(), root)),
        platform,
        smoke(),
        patience(given("timeout", timeout)),
        Reactor.reports(root).resolve(serviceName() + ".log"),
        policy());
  }

  private static Patience patience(@Nullable String time) {
    return time == null ? Patience.DEFAULT : Patience.of(DurationParameter.parse("timeout", time));
  }

  private Policy policy() {
    return switch (rollback.toLowerCase(Locale.ROOT)) {
      case "service" -> new Policy(Policy.Rollback.SERVICE, force, keep, strategy());
      case "all" -> new Policy(Policy.Rollback.ALL, force, keep, strategy());
      case "none" -> new Policy(Policy.Rollback.NONE, force, keep, strategy());
      default ->
          throw new DeployException(
              "Parameter rollback is " + rollback + ", but only service, all and none exist",
              "Remove it, and a service that is not good goes back to what ran before");
    };
  }

  private Strategy strategy() {
    boolean lasts = drain.strip().matches("-?\\d\\S*");
    Duration time = lasts ? DurationParameter.parseOrZero("drain", drain) : Duration.ZERO;
    String command = lasts ? "" : drain.strip();
    String word =
        Choice.of(
            "strategy", strategy, "compose replaces the container", "recreate", "rollout", "auto");
    Strategy.Mode mode = Strategy.Mode.valueOf(word.toUpperCase(Locale.ROOT));
    if (mode == Strategy.Mode.RECREATE) {
      return Strategy.RECREATE;
    }
    if (isSwarm()) {
      throw new DeployException(
          "rpi.strategy is " + word + ", but a swarm replaces services in its own way",
          "Remove it, and write in the compose file: deploy: {update_config: {order: start-first}}");
    }
    return new Strategy(mode, time, command);
  }
}
