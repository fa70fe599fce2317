package io.github.rpideploy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.deploy.Deployer;
import io.github.rpideploy.deploy.Deployers;
import io.github.rpideploy.deploy.ship.Candidate;
import io.github.rpideploy.deploy.spec.Patience;
import io.github.rpideploy.deploy.spec.Policy;
import io.github.rpideploy.deploy.spec.ServiceSpec;
import io.github.rpideploy.deploy.spec.SmokeSpec;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.deploy.spec.TestSpec;
import io.github.rpideploy.deploy.verify.Pause;
import io.github.rpideploy.it.lab.Lab;
import io.github.rpideploy.it.lab.TestService;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.ssh.SshConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Services are tested where they really listen, whoever has chosen the port. */
class PortsIT {

  private static final String COMPOSE =
      """
      services:
        random: &web
          image: web
          platform: linux/arm64
          stop_signal: SIGKILL
          ports: ["8080"]
        range:
          <<: *web
          ports: ["127.0.0.1:18100-18110:8080"]
        exposed:
          <<: *web
          ports: []
          expose: [8080]
        silent:
          <<: *web
          ports: []
        of-the-pi:
          <<: *web
          ports: []
          network_mode: host
      """;

  private static final String SERVES =
      "mkdir /www; echo yes >/www/index.html; exec httpd -f -p 8080 -h /www";

  @TempDir private Path directory;

  private final List<Event> events = new CopyOnWriteArrayList<>();

  @Test
  void whoever_has_chosen_the_port() throws Exception {
    Path compose = Files.writeString(directory.resolve("compose.yaml"), COMPOSE);
    Path tarball = new TestService("web").smallTarball(directory, "x", SERVES);
    Lab pi = Lab.up("ports");
    try (SshConnection connection = SshConnection.open(pi.settings(), event -> {});
        Deployer deployer =
            Deployers.connect(
                connection,
                new Stack("rpi/ports", compose),
                events::add,
                InstantSource.system(),
                Pause.SLEEP)) {
      deployer.deploy(
          List.of(
              candidate("random", tarball, null),
              candidate("range", tarball, 8080),
              candidate("exposed", tarball, null),
              candidate("silent", tarball, 8080),
              candidate("of-the-pi", tarball, 8080)));
    } finally {
      pi.down();
    }
    assertThat(events)
        .filteredOn(Event.Verified.class::isInstance)
        .extracting(event -> ((Event.Verified) event).evidence())
        .satisfiesExactly(
            random -> assertThat(random).matches("GET http://localhost:\\d{5}/ answered 200"),
            range -> assertThat(range).matches("GET http://localhost:181\\d\\d/ answered 200"),
            exposed -> assertThat(exposed).matches("GET http://172\\..*:8080/ answered 200"),
            silent -> assertThat(silent).matches("GET http://172\\..*:8080/ answered 200"),
            ofThePi -> assertThat(ofThePi).isEqualTo("GET http://localhost:8080/ answered 200"));
  }

  private Candidate candidate(String service, Path tarball, @Nullable Integer port) {
    return Candidate.read(
        new ServiceSpec(
            service,
            tarball,
            "linux/arm64",
            new SmokeSpec(
                List.of(new TestSpec.Http(null, "/", port, 200, false, Map.of(), List.of())),
                Duration.ZERO),
            Patience.DEFAULT,
            directory.resolve(service + ".log"),
            Policy.DEFAULT));
  }
}
