package io.github.rpideploy.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.docker.file.Endpoint;
import org.junit.jupiter.api.Test;

/** As Engines 20.10, 26.1 and 28.5 print it. */
class ListeningTest {

  @Test
  void a_port_that_the_Engine_has_chosen_is_known_by_that_of_the_container() {
    Containers.Listening listening =
        Containers.Listening.parse(
            """
            published 8080/tcp 0.0.0.0 32768
            published 8080/tcp :: 32768
            exposed 8080/tcp
            published 53/udp 0.0.0.0 32769
            exposed 53/udp
            exposed 9000/tcp
            exposed 8080/tcp
            address 172.18.0.2
            """);

    assertThat(listening.published().keySet()).containsExactly(8080);
    assertThat(listening.published()).containsValue(Endpoint.of("tcp", "0.0.0.0", 32768));
    assertThat(listening.exposed()).containsExactly(8080, 9000);
    assertThat(listening.addresses()).containsExactly("172.18.0.2");
  }

  @Test
  void a_container_with_the_network_of_the_Pi_has_no_address_of_its_own() {
    Containers.Listening listening = Containers.Listening.parse("address \n\n");

    assertThat(listening.addresses()).isEmpty();
    assertThat(listening.published()).isEmpty();
  }

  @Test
  void what_makes_no_sense_is_skipped() {
    Containers.Listening listening =
        Containers.Listening.parse("published x/tcp\npublished 99999999/tcp a 1\nexposed\nabc\n");

    assertThat(listening.exposed()).isEmpty();
    assertThat(listening.published()).isEmpty();
  }
}
