package io.github.rpideploy.it.faults;

import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.deploy.spec.Strategy;
import io.github.rpideploy.it.lab.Lab;
import io.github.rpideploy.it.lab.TestService;
import java.nio.file.Path;
import java.time.Duration;

/** Compose, with its two strategies. */
enum ComposeWay implements Way {
  RECREATE,
  ROLLOUT;

  private static final String COMPOSE =
      """
      services:
        auth-server:
          image: auth-server
          platform: linux/arm64
          restart: always
          stop_grace_period: 1s
        other-server:
          image: other-server
          platform: linux/arm64
          restart: always
          stop_grace_period: 1s
      # %s
      """;

  /** Nothing is put down for a swarm. The old container of a rollout is stopped when it is over. */
  @Override
  public boolean takes(Fault fault, Point point) {
    boolean late = this == ROLLOUT && fault == Fault.SECOND_DEPLOY && point == Point.STOPPED;
    return point != Point.PUT && !late;
  }

  /** The old container of a rollout is stopped and removed last of all. */
  @Override
  public boolean isLive(Point point) {
    return point.isLive()
        && (this == RECREATE || (point != Point.STOPPED && point != Point.REMOVED));
  }

  @Override
  public void prepare(Lab pi) {
    // It is.
  }

  @Override
  public TestService service(String name) throws Exception {
    return new TestService(name);
  }

  @Override
  public String compose() {
    return COMPOSE;
  }

  @Override
  public Stack stack(String directory, Path composeFile) {
    return new Stack(directory, composeFile);
  }

  @Override
  public Strategy strategy() {
    return new Strategy(Strategy.Mode.valueOf(name()), Duration.ofSeconds(1), "");
  }

  @Override
  public String label(String service) {
    return "com.docker.compose.service=" + service;
  }

  @Override
  public String shell() {
    return """
    of() { docker ps -aq --no-trunc --filter label=com.docker.compose.service=$1; }
    live() { docker image inspect -f '{{.Id}}' auth-server:latest; }
    answers() { docker version; }
    """;
  }

  /** It is the same container. */
  @Override
  public boolean isUndisturbed(String before, String now) {
    return now.split(" ", -1)[0].equals(before.split(" ", -1)[0]) && now.endsWith(" running");
  }
}
