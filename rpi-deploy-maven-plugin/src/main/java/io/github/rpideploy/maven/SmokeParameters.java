package io.github.rpideploy.maven;

import io.github.rpideploy.deploy.spec.SmokeSpec;
import io.github.rpideploy.deploy.spec.TestSpec;
import java.util.ArrayList;
import java.util.List;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;

/** The parameters of what proves a service good; their Javadoc is the manual. */
abstract class SmokeParameters extends StackParameters {

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

  /** What is asked of the service. */
  SmokeSpec smoke() {
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
