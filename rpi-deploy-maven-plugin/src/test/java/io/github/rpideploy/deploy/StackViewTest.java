package io.github.rpideploy.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.deploy.look.ServiceStatus;
import io.github.rpideploy.deploy.spec.Stack;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class StackViewTest {

  private static final String COMPOSE =
      """
      services:
        adminer: {image: adminer, depends_on: [db]}
        auth-server: {image: auth-server, depends_on: [db]}
        broker: {image: mosquitto}
        db: {image: postgres, depends_on: [volume]}
        extension-server: {image: extension-server, depends_on: [auth-server, broker]}
        grafana: {image: grafana}
        volume: {image: busybox}
      """;

  @Test
  void the_status_is_in_the_order_of_a_deploy_and_what_a_service_needs_comes_before_it() {
    // As the reactor has it, whatever the compose file says of the two.
    assertThat(status(List.of(), "extension-server", "auth-server"))
        .containsExactly(
            "broker", "extension-server", "volume", "db", "auth-server", "adminer", "grafana");
  }

  @Test
  void where_no_order_is_known_that_of_the_compose_file_counts_but_for_what_is_needed() {
    assertThat(status(List.of()))
        .containsExactly(
            "volume", "db", "adminer", "auth-server", "broker", "extension-server", "grafana");
  }

  @Test
  void of_chosen_services_no_other_one_is_shown() {
    assertThat(status(List.of("grafana", "auth-server"), "auth-server", "no-longer-there"))
        .containsExactly("auth-server", "grafana");
  }

  private static List<String> status(List<String> services, String... order) {
    try (Deployer deployer =
        Deployers.connect(
            new ScriptedPi(COMPOSE),
            new Stack("rpi/test", null),
            event -> {},
            () -> Instant.EPOCH,
            pause -> {})) {
      return deployer.view().status(services, List.of(order)).stream()
          .map(ServiceStatus::service)
          .toList();
    }
  }
}
