package io.github.rpideploy.maven;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.spec.Patience;
import io.github.rpideploy.deploy.spec.Policy;
import io.github.rpideploy.deploy.spec.ServiceSpec;
import io.github.rpideploy.deploy.spec.SmokeSpec;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.deploy.spec.TestSpec;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.project.MavenProject;
import org.jspecify.annotations.Nullable;

/** The parameters that all goals share that are about services; their Javadoc is the manual. */
abstract class Parameters extends SshParameters {

  /**
   * The directory on the Pi that holds the compose file: absolute, or relative to the user's home.
   * By default {@code rpi/} and the artifactId of the reactor's root. Its name is the name of the
   * compose project.
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.directory")
  @Nullable String directory;

  /**
   * The local compose file that is to be the Pi's; it is sent when the Pi has another one. By
   * default {@code compose.yaml} beside the reactor's root POM, if there is one; otherwise the file
   * on the Pi stays as it is.
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.composeFile")
  @Nullable String composeFile;

  /**
   * Calls docker and compose on the Pi by {@code sudo -n}, for a user who is not in the group
   * {@code docker}. Sudo must not ask for a password for docker; nothing else is called by it.
   * Compose then sees root's environment: {@code ~} and {@code ${HOME}} in the compose file are
   * {@code /root}.
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.sudo", defaultValue = "false")
  boolean sudo;

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
   * The path of the HTTP smoke test, for example {@code /actuator/health/readiness}. Without it and
   * without {@code smokeUrl} the container's state and its health check decide.
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.smokePath")
  @Nullable String smokePath;

  /**
   * The port of the smoke test on the Pi. By default the one port that the compose file publishes
   * for the service.
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.smokePort")
  @Nullable Integer smokePort;

  /**
   * The whole URL of the smoke test, instead of path and port. {@code localhost} is the Pi, unless
   * {@code smokeVia} is {@code direct}.
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.smokeUrl")
  @Nullable String smokeUrl;

  /**
   * The HTTP status that the smoke test expects.
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.smokeStatus", defaultValue = "200")
  int smokeStatus;

  /**
   * How the smoke test reaches the service: {@code tunnel} (through the SSH connection, so that no
   * port of the Pi need be open) or {@code direct} (from this machine).
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.smokeVia", defaultValue = "tunnel")
  String smokeVia;

  /**
   * Headers that the smoke test sends, {@code Name: value}, one on a line; for example {@code
   * Authorization: Bearer ${env.SMOKE_TOKEN}}. They are in no message, but {@code mvn -X} shows all
   * parameters.
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.smokeHeaders")
  @Nullable String smokeHeaders;

  /**
   * A text that the body of the smoke test's answer must contain, to the letter.
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.smokeBody")
  @Nullable String smokeBody;

  /**
   * A regular expression (of Java) that must match a part of the body of the smoke test's answer;
   * {@code (?s)} and {@code ^}, {@code $} as usual.
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.smokeBodyRegex")
  @Nullable String smokeBodyRegex;

  /**
   * What the body of the smoke test's answer must have as JSON: a JSON pointer (RFC 6901) and its
   * value, {@code /status=UP}; several on a line each.
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.smokeJson")
  @Nullable String smokeJson;

  /**
   * A TCP port that must accept a connection and keep it for a second, {@code 1883} or {@code
   * localhost:1883}, on the Pi unless {@code smokeVia} is {@code direct}: for services that do not
   * speak HTTP. Without a host it is the Pi's own.
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.smokeTcp")
  @Nullable String smokeTcp;

  /**
   * A command line that must exit with 0 within 10 seconds in the service's container, for example
   * {@code pg_isready -U app}. The image must have a shell ({@code sh}), which reads it.
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.smokeCommand")
  @Nullable String smokeCommand;

  /**
   * More smoke tests, in the POM only; all must pass. Each {@code <smokeTest>} has elements named
   * as these parameters are: {@code path}, {@code port}, {@code url}, {@code status}, {@code via},
   * {@code headers}, {@code body}, {@code bodyRegex}, {@code json}, {@code tcp}, {@code command}.
   *
   * @since 0.1.0
   */
  @Parameter @Nullable List<SmokeTestParameters> smokeTests;

  /**
   * For how long a service that has become good must stay good, without a restart, before it counts
   * as verified: {@code 7s}, {@code 1m}, or a number of seconds; {@code 0} for not at all. It comes
   * on top of {@code timeout}, and each service that is recreated takes that much longer; one that
   * is left alone does not. By default what dies 5 seconds after it was good is still seen: first
   * background jobs and connection checks run then. Docker Swarm watches for 5 s, Kamal 7 s, Nomad
   * 10 s. Take more where a service is known to fail later, {@code 0} where every second counts.
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.settle", defaultValue = "7s")
  String settle;

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
   * Where layers are kept that were compressed with zstd before they were sent, across builds and
   * projects: a layer of a base image is compressed once. It may be deleted at any time and takes
   * at most 2 GiB. By default {@code rpi-deploy/layers} in the user's cache directory ({@code
   * ~/.cache} on Linux); a CI workflow may keep it from run to run. A relative path starts at the
   * reactor's root.
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.layerCache")
  @Nullable String layerCache;

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
   * How long to wait while another deploy to the same directory of the Pi is going on: {@code 5m},
   * or a number of seconds. By default the build fails at once and says who deploys, since when.
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.lockTimeout", defaultValue = "0")
  String lockTimeout;

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

  /** The compose project on the Pi. */
  Stack stack(MavenProject root) {
    String remote = directory == null ? "rpi/" + root.getArtifactId() : directory;
    if (remote.equals("~")
        || remote.isBlank()
        || remote.chars().anyMatch(Character::isISOControl)) {
      throw new DeployException(
          "The directory on the Pi makes no sense: \""
              + remote.strip().replaceAll("\\p{Cntrl}", "?")
              + "\"",
          "Name one of its own for the compose project: -Drpi.directory=rpi/my-services");
    }
    return new Stack(
        remote.startsWith("~/") ? remote.substring(2) : remote, localComposeFile(root), sudo);
  }

  /** Where compressed layers are kept. */
  Path layerCache(MavenProject root) {
    return layerCache == null
        ? CacheDirectory.of(
                System.getProperty("os.name"),
                Path.of(System.getProperty("user.home")),
                System.getenv())
            .resolve("layers")
        : path(layerCache, root);
  }

  private @Nullable Path localComposeFile(MavenProject root) {
    if (composeFile == null) {
      Path beside = Reactor.directory(root).resolve("compose.yaml");
      return Files.isRegularFile(beside) ? beside : null;
    }
    Path named = path(composeFile, root);
    if (!Files.isRegularFile(named)) {
      throw new DeployException(
          "There is no compose file " + named,
          "Name the right one with -Drpi.composeFile=path/to/compose.yaml; relative paths start at "
              + Reactor.directory(root));
    }
    return named;
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
        BuildSession.reports(root).resolve(serviceName() + ".log"),
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

  private SmokeSpec smoke() {
    SmokeTestParameters flat = new SmokeTestParameters();
    flat.path = smokePath;
    flat.port = smokePort;
    flat.url = smokeUrl;
    flat.status = smokeStatus;
    flat.via = smokeVia;
    flat.headers = smokeHeaders;
    flat.body = smokeBody;
    flat.bodyRegex = smokeBodyRegex;
    flat.json = smokeJson;
    flat.tcp = smokeTcp;
    flat.command = smokeCommand;
    List<TestSpec> tests = new ArrayList<>(flat.specs());
    if (smokeTests != null) {
      smokeTests.forEach(test -> tests.addAll(test.specs()));
    }
    return new SmokeSpec(tests, DurationParameter.parseOrZero("settle", settle));
  }
}
