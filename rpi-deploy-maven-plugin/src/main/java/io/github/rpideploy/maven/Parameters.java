package io.github.rpideploy.maven;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.spec.Patience;
import io.github.rpideploy.deploy.spec.Policy;
import io.github.rpideploy.deploy.spec.ServiceSpec;
import java.io.File;
import java.util.List;
import java.util.Locale;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.project.MavenProject;
import org.jspecify.annotations.Nullable;

/** The parameters that all goals share; their Javadoc is the manual. */
abstract class Parameters extends SmokeParameters {

  /**
   * The module's service in the compose file. By default the artifactId.
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.service")
  @Nullable String service;

  /**
   * The image tarball that Jib's {@code buildTar} made.
   *
   * @since 0.1.0
   */
  @Parameter(
      property = "rpi.imageTar",
      defaultValue = "${project.build.directory}/jib-image.tar",
      required = true)
  File imageTar;

  /**
   * What images must be built for. Jib builds for {@code linux/amd64} unless told otherwise, so a
   * tarball for something else is refused before anything is sent.
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.platform", defaultValue = "linux/arm64")
  String platform;

  /**
   * How long a recreated service may take to become good: {@code 90s}, {@code 2m}, or a number of
   * seconds. When nothing is said, two minutes, or three times the longest of the service's last
   * five good starts on this Pi, if that is more.
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.timeout")
  @Nullable String timeout;

  /**
   * What goes back to the image that ran before when the service is not proved good after it was
   * recreated: {@code service} (it does), {@code all} (every service that this build has replaced
   * does, the last one first) or {@code none} (it is left for inspection). What goes back is
   * verified too; the build fails all the same.
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.rollback", defaultValue = "service")
  String rollback;

  /**
   * Recreates the service also when it runs this image and compose configuration already and is
   * good.
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.force", defaultValue = "false")
  boolean force;

  /**
   * How many of the service's newest good releases stay on the Pi, so that {@code rpi:rollback} can
   * go back to them and layers need not be sent again; older ones are removed after every deploy,
   * also a failed one. Those that have failed or were only shipped do not count: only the last
   * deployed of them stays, for the next try. What a container runs, or what has a tag beside its
   * release tag, stays besides.
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.keep", defaultValue = "3")
  int keep;

  /**
   * The services that must be verified before this one is recreated, instead of every earlier one
   * of the reactor. An empty {@code <after/>} means none: it may be recreated as soon as it is
   * shipped. In the POM a list ({@code <after><service>auth-server</service></after>}) or names
   * with commas between them; as a property with commas. Services that no module deploys must run
   * on the Pi.
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.after")
  @Nullable List<String> after;

  /**
   * Whether services that go before this one, and that this build does not deploy ({@code -pl},
   * {@code -rf}), must be running and healthy on the Pi; otherwise nothing is changed and the build
   * fails. With {@code false} it warns only.
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.requirePredecessors", defaultValue = "true")
  boolean requirePredecessors;

  /**
   * Passes this module over.
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.skip", defaultValue = "false")
  boolean skip;

  /** The name of the module's service. */
  String serviceName() {
    return service == null ? project.getArtifactId() : service;
  }

  /** What is said about the module's service. */
  ServiceSpec spec(MavenProject root) {
    return new ServiceSpec(
        serviceName(),
        imageTar.toPath(),
        platform,
        smoke(),
        timeout == null
            ? Patience.DEFAULT
            : Patience.of(DurationParameter.parse("timeout", timeout)),
        Reactor.reports(root).resolve(serviceName() + ".log"),
        policy());
  }

  private Policy policy() {
    return switch (rollback.toLowerCase(Locale.ROOT)) {
      case "service" -> new Policy(Policy.Rollback.SERVICE, force, keep);
      case "all" -> new Policy(Policy.Rollback.ALL, force, keep);
      case "none" -> new Policy(Policy.Rollback.NONE, force, keep);
      default ->
          throw new DeployException(
              "Parameter rollback is " + rollback + ", but only service, all and none exist",
              "Remove it to let a service that is not good go back to what ran before");
    };
  }
}
