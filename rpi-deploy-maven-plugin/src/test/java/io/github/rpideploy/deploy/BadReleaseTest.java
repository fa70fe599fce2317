package io.github.rpideploy.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.BadInput;
import io.github.rpideploy.deploy.history.History;
import io.github.rpideploy.docker.Inventory;
import io.github.rpideploy.image.ImageReference;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values of {@code rpi.to} that name no release. */
class BadReleaseTest {

  private static final ImageReference LIVE = ImageReference.parse("auth-server");

  private static ImageReference chosen(String to) {
    Inventory inventory =
        new Inventory(
            false,
            List.of(),
            Map.of("auth-server:rpi-0123456789ab", "sha256:1"),
            Set.of(),
            Set.of(),
            false,
            true);
    return new RollbackTarget(new History(List.of()), inventory, "pi")
        .of("auth-server", LIVE, null, to);
  }

  static Stream<String> none() {
    return Stream.of(
        "",
        " ",
        "0",
        "-1",
        "1",
        "999",
        "1000",
        "9".repeat(30),
        "1.5",
        "\uff11",
        "latest",
        "rpi-",
        "rpi-0123456789a",
        "rpi-0123456789AB",
        "rpi-ffffffffffff",
        "ffffffffffff",
        "other:rpi-0123456789ab",
        "localhost:5000/auth-server:rpi-0123456789ab",
        "auth-server@sha256:" + "0".repeat(64),
        "auth-server:",
        ":",
        ":rpi-0123456789ab",
        "rpi-0123456789ab\nrpi-0123456789ab",
        "rpi-0123456789ab\0",
        "\u001b[31mrpi-0123456789ab",
        "$(reboot)",
        "x".repeat(1 << 20));
  }

  @ParameterizedTest(name = "{index}")
  @MethodSource("none")
  void none_is_chosen(String to) {
    assertThat(BadInput.read(to, () -> chosen(to))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0123456789ab",
        "rpi-0123456789ab",
        "auth-server:rpi-0123456789ab",
        "docker.io/library/auth-server:rpi-0123456789ab"
      })
  void a_release_that_is_there_is_chosen(String to) {
    assertThat(BadInput.read(to, () -> chosen(to))).isPresent();
  }
}
