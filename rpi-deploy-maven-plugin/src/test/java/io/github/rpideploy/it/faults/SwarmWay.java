package io.github.rpideploy.it.faults;

import io.github.rpideploy.deploy.spec.FilesSpec;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.deploy.spec.Strategy;
import io.github.rpideploy.it.lab.Lab;
import io.github.rpideploy.it.lab.TestService;
import java.nio.file.Path;

/** A swarm whose only node is the Pi. */
enum SwarmWay implements Way {
  SWARM;

  private static final String COMPOSE =
      """
      services:
        auth-server:
          image: auth-server
          stop_grace_period: 1s
          deploy: &deploy
            endpoint_mode: dnsrr
            restart_policy: {delay: 1s}
            update_config: {monitor: 1s}
        other-server:
          image: other-server
          stop_grace_period: 1s
          deploy: *deploy
      # %s
      """;

  /**
   * A swarm keeps some old containers, and removes them when it likes. No container of it has a
   * name of which an interrupted compose leaves another form.
   */
  @Override
  public boolean takes(Fault fault, Point point) {
    return fault != Fault.LEFTOVER_CONTAINER
        && point != Point.REMOVED
        && point != Point.BACK_REMOVED;
  }

  @Override
  public boolean isLive(Point point) {
    return point.isLive();
  }

  /** At an address that no boot changes: a swarm does not survive another one. */
  @Override
  public void prepare(Lab pi) throws Exception {
    pi.asRoot("docker swarm init --advertise-addr 127.0.0.1");
  }

  /** Not emulated: a swarm makes a new container after each fault of the Engine. */
  @Override
  public TestService service(String name) throws Exception {
    return TestService.fast(name);
  }

  @Override
  public String compose() {
    return COMPOSE;
  }

  @Override
  public Stack stack(String directory, Path composeFile) {
    return new Stack(directory, composeFile, false, FilesSpec.DEFAULT, true);
  }

  @Override
  public Strategy strategy() {
    return Strategy.RECREATE;
  }

  @Override
  public String label(String service) {
    return "com.docker.swarm.service.name=faults_" + service;
  }

  /** What is to run is what the swarm was told, if that is what was proved good last. */
  @Override
  public String shell() {
    return """
    of() { docker ps -q --no-trunc --filter label=com.docker.swarm.service.name=faults_$1; }
    spec() { docker service inspect -f "{{$1}}" faults_auth-server; }
    live() {
      grep -qsF "$(spec 'index .Spec.Labels "io.github.rpideploy.digest"')" /home/pi/rpi/faults/.rpi/swarm/auth-server ||
        echo 'what was not proved good:'
      spec .Spec.TaskTemplate.ContainerSpec.Image
    }
    answers() { docker node ls; }
    """;
  }

  /** It has another container, which runs. */
  @Override
  public boolean isUndisturbed(String before, String now) {
    return now.lines().count() == 1 && now.endsWith(" running");
  }
}
