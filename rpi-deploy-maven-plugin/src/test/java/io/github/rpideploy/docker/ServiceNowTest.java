package io.github.rpideploy.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** What {@code service-now.sh} tells of a service. */
class ServiceNowTest {

  @Test
  void all_that_is_told_is_read() {
    ServiceNow now =
        ServiceNow.parse(
            """
            image sha256:new
            container %s
            container %s
            made 1234
            files
            file 5678  conf/b c.yml
            file broken
            named a:latest a:rpi-1 a:2
            line {"when":"x"}
            line {"when":"y"}
            tag sha256:old a:rpi-1
            tag broken
            something else
            """
                .formatted(container("5"), container("5")),
            "a:latest",
            ServiceNow.Seen.NOTHING);

    assertThat(now.release()).hasValue("sha256:new");
    assertThat(now.containers()).hasSize(2);
    assertThat(now.files()).isEqualTo(Map.of("conf/b c.yml", "5678"));
    assertThat(now.named()).contains("a:rpi-1").doesNotContain("a:latest");
    assertThat(now.live()).isTrue();
    assertThat(now.verified()).isFalse();
    assertThat(now.history()).containsExactly("{\"when\":\"x\"}", "{\"when\":\"y\"}");
    assertThat(now.tags()).isEqualTo(Map.of("a:rpi-1", "sha256:old"));
    assertThat(now.isMadeOf("1234")).isTrue();
    assertThat(now.isMadeOf("12345")).isFalse();
    assertThat(now.isMadeOf(null)).isFalse();
  }

  @Test
  void a_service_without_a_container_has_no_name_and_a_release_that_is_absent_has_no_id() {
    ServiceNow now =
        ServiceNow.parse("absent\nfile 5678  a\nverified\n", "a:latest", ServiceNow.Seen.NOTHING);

    assertThat(now.release()).isEmpty();
    assertThat(now.named()).isEmpty();
    assertThat(now.live()).isFalse();
    assertThat(now.files()).as("not known").isNull();
    assertThat(now.verified()).isTrue();
  }

  @Test
  void without_a_record_every_container_must_have_the_digest() {
    ServiceNow same =
        ServiceNow.parse("container " + container("1") + "\n", "", ServiceNow.Seen.NOTHING);
    ServiceNow mixed =
        ServiceNow.parse(
            "container " + container("1") + "\ncontainer " + container("2"),
            "",
            ServiceNow.Seen.NOTHING);

    assertThat(same.isMadeOf("1")).isTrue();
    assertThat(mixed.isMadeOf("1")).isFalse();
  }

  private static String container(String hash) {
    return "{\"id\":\"c\",\"image\":\"sha256:old\",\"restarts\":0,\"state\":{\"Status\":\"running\"},"
        + "\"configHash\":\""
        + hash
        + "\"}";
  }
}
