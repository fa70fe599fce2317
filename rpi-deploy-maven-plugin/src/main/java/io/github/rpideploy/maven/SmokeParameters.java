package io.github.rpideploy.maven;

import io.github.rpideploy.deploy.spec.SmokeSpec;
import io.github.rpideploy.deploy.spec.TestSpec;
import io.github.rpideploy.maven.parameters.DurationParameter;
import io.github.rpideploy.maven.parameters.OwnPom;
import java.util.ArrayList;
import java.util.List;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;

/** The parameters of what proves a service good; their Javadoc is the manual. */
abstract class SmokeParameters extends TargetsParameters {

  /**
   * The path of the HTTP smoke test. Without it and without {@code smokeUrl}, the container's state
   * and its health check decide.
   *
   * <ul>
   *   <li>Value: a path, with its query if it has one
   *   <li>Default: none: no HTTP request
   *   <li>Example: {@code -Drpi.smokePath=/actuator/health/readiness}
   * </ul>
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.smokePath")
  @Nullable String smokePath;

  /**
   * The port of the smoke test: one of the Pi, or one that the container listens on. Where the
   * compose file does not publish it on the Pi, the Engine is asked which port of the Pi leads
   * there ({@code ports: ["8080"]} and ranges let it choose); of a container that publishes none,
   * its own address is tested.
   *
   * <ul>
   *   <li>Value: a TCP port
   *   <li>Default: the one port that the compose file publishes for the service, or else the one
   *       that its container has
   *   <li>Example: {@code -Drpi.smokePort=8081}
   * </ul>
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.smokePort")
  @Nullable Integer smokePort;

  /**
   * The whole URL of the HTTP smoke test, instead of a path and a port. {@code localhost} is the
   * Pi, unless {@code smokeVia} is {@code direct}.
   *
   * <ul>
   *   <li>Value: an {@code http} or {@code https} URL
   *   <li>Default: none: {@code smokePath} counts
   *   <li>Example: {@code -Drpi.smokeUrl=https://localhost:8443/health}
   * </ul>
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.smokeUrl")
  @Nullable String smokeUrl;

  /**
   * The HTTP status that the smoke test expects.
   *
   * <ul>
   *   <li>Value: an HTTP status code
   *   <li>Example: {@code -Drpi.smokeStatus=204}
   * </ul>
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.smokeStatus", defaultValue = "200")
  int smokeStatus;

  /**
   * How the smoke test reaches the service: {@code tunnel} goes through the SSH connection, so no
   * other port of the Pi must be open. {@code direct} connects from this machine.
   *
   * <ul>
   *   <li>Value: {@code tunnel} or {@code direct}
   *   <li>Example: {@code -Drpi.smokeVia=direct}
   * </ul>
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.smokeVia", defaultValue = "tunnel")
  String smokeVia;

  /**
   * Headers that the HTTP smoke test sends. They appear in no message, but {@code mvn -X} prints
   * all parameters.
   *
   * <ul>
   *   <li>Value: {@code Name: value}, one per line
   *   <li>Default: none
   *   <li>Example: <code>
   *       &lt;smokeHeaders&gt;Authorization: Bearer ${env.SMOKE_TOKEN}&lt;/smokeHeaders&gt;</code>
   * </ul>
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.smokeHeaders")
  @Nullable String smokeHeaders;

  /**
   * A text that the body of the smoke test's answer must contain, exactly as written.
   *
   * <ul>
   *   <li>Value: a text
   *   <li>Default: none: any body is good
   *   <li>Example: {@code -Drpi.smokeBody=UP}
   * </ul>
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.smokeBody")
  @Nullable String smokeBody;

  /**
   * A regular expression that must match a part of the body of the smoke test's answer.
   *
   * <ul>
   *   <li>Value: a Java regular expression
   *   <li>Default: none: any body is good
   *   <li>Example: {@code -Drpi.smokeBodyRegex=version.*2\.[0-9]+}
   * </ul>
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.smokeBodyRegex")
  @Nullable String smokeBodyRegex;

  /**
   * What the body of the smoke test's answer must contain as JSON.
   *
   * <ul>
   *   <li>Value: a JSON pointer (RFC 6901), {@code =} and a value; several, one per line
   *   <li>Default: none: any body is good
   *   <li>Example: {@code -Drpi.smokeJson=/status=UP}
   * </ul>
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.smokeJson")
  @Nullable String smokeJson;

  /**
   * A TCP port that must accept a connection and keep it open for a second, for services that do
   * not speak HTTP: one of the Pi, or one that the container listens on, as for {@code smokePort}.
   *
   * <ul>
   *   <li>Value: a TCP port, or {@code host:port} as seen from the Pi
   *   <li>Default: none: no TCP connection
   *   <li>Example: {@code -Drpi.smokeTcp=1883}
   * </ul>
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.smokeTcp")
  @Nullable String smokeTcp;

  /**
   * A command line that must exit with 0 within 10 seconds in the service's container. The image
   * must have a shell ({@code sh}).
   *
   * <ul>
   *   <li>Value: a shell command line
   *   <li>Default: none: no command
   *   <li>Example: {@code -Drpi.smokeCommand="pg_isready -U app"}
   * </ul>
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.smokeCommand")
  @Nullable String smokeCommand;

  /**
   * More smoke tests. All of them must pass. Each {@code <smokeTest>} has the elements {@code
   * path}, {@code port}, {@code url}, {@code status}, {@code via}, {@code headers}, {@code body},
   * {@code bodyRegex}, {@code json}, {@code tcp} and {@code command}, which mean the same as the
   * parameters whose names begin with {@code smoke}.
   *
   * <ul>
   *   <li>Value: a list, in the POM only
   *   <li>Default: none
   *   <li>Example: {@code
   *       <smokeTests><smokeTest><path>/health</path></smokeTest><smokeTest><tcp>1883</tcp></smokeTest></smokeTests>}
   * </ul>
   *
   * @since 0.1.0
   */
  @Parameter @Nullable List<SmokeTestParameters> smokeTests;

  /**
   * How long a service that has become good must stay good, without a restart, before it counts as
   * verified. {@code 0} skips this. It comes on top of {@code timeout}, and every recreated service
   * takes that much longer; an unchanged one does not. With the default, a service that dies 5
   * seconds after it was good is still caught: that is when the first background jobs and
   * connection checks run. For comparison, Docker Swarm watches for 5 s, Kamal 7 s, Nomad 10 s.
   * Take more where a service is known to fail later.
   *
   * <ul>
   *   <li>Value: a duration: {@code 7s}, {@code 1m}, or a number of seconds
   *   <li>Example: {@code -Drpi.settle=30s}
   * </ul>
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.settle", defaultValue = "7s")
  String settle;

  /** The smoke tests as they are configured. */
  SmokeSpec smoke() {
    SmokeTestParameters flat = new SmokeTestParameters();
    flat.path = given("smokePath", smokePath);
    flat.port = smokePort;
    flat.url = given("smokeUrl", smokeUrl);
    flat.status = smokeStatus;
    flat.via = smokeVia;
    boolean request = flat.path != null || flat.url != null;
    // Where the module has turned the inherited request off, what is inherited about it goes too.
    boolean off = !request && (smokePath != null || smokeUrl != null);
    flat.headers = off ? null : given("smokeHeaders", smokeHeaders);
    flat.body = off ? null : given("smokeBody", smokeBody);
    flat.bodyRegex = off ? null : given("smokeBodyRegex", smokeBodyRegex);
    flat.json = off ? null : given("smokeJson", smokeJson);
    flat.tcp = given("smokeTcp", smokeTcp);
    flat.command = given("smokeCommand", smokeCommand);
    List<TestSpec> tests = new ArrayList<>(flat.specs());
    if (smokeTests != null && !OwnPom.empties(project, "smokeTests")) {
      smokeTests.forEach(test -> tests.addAll(test.specs()));
    }
    return new SmokeSpec(tests, DurationParameter.parseOrZero("settle", settle));
  }

  /**
   * A text parameter as the module wants it; null where it turns off what it inherits: with an
   * empty property, an empty element, or {@code none}.
   */
  final @Nullable String given(String name, @Nullable String text) {
    return text == null
            || text.isBlank()
            || text.strip().equalsIgnoreCase("none")
            || OwnPom.empties(project, name)
        ? null
        : text;
  }
}
