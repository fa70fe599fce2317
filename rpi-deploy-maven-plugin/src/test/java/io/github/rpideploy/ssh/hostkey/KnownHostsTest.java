package io.github.rpideploy.ssh.hostkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.ssh.Keys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KnownHostsTest {

  private static final String KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGFi a comment";

  /** What {@code ssh-keygen -H} made of {@code raspberrypi.local}. */
  private static final String HASHED =
      "|1|1TbyJ6wSvAhJqoN29uu27R9xVbQ=|3LPYIb4ds2FuNYVaLO0YvWM1Tck=";

  /** What {@code ssh-keygen -H} made of {@code [raspberrypi.local]:2222}. */
  private static final String HASHED_WITH_PORT =
      "|1|DgeOA5dM7gXD8nQkBnqt8Z98+RA=|kuE9mVJ10FF02DmvL7lIgxvJS9M=";

  @TempDir Path dir;

  @ParameterizedTest
  @CsvSource(
      delimiterString = " is ",
      quoteCharacter = '"',
      value = {
        "raspberrypi.local 22 raspberrypi.local is true",
        "RaspberryPi.LOCAL 22 raspberrypi.local is true",
        "raspberrypi.local 22 RASPBERRYPI.local is true",
        "raspberrypi.local 22 pi,raspberrypi.local,192.168.1.20 is true",
        "raspberrypi.local 22 *.local is true",
        "raspberrypi.local 22 raspberrypi.loca? is true",
        "raspberrypi.local 22 raspberrypiXlocal is false",
        "raspberrypi.local 22 *.local,!raspberrypi.* is false",
        "raspberrypi.local 22 !raspberrypi.*,*.local is false",
        "raspberrypi.local 22 [raspberrypi.local]:22 is false",
        "raspberrypi.local 2222 raspberrypi.local is false",
        "raspberrypi.local 2222 [raspberrypi.local]:2222 is true",
        "raspberrypi.local 2222 [*.local]:2222 is true",
        "raspberrypi.local 2222 [raspberrypi.local]:2223 is false",
        "fe80::1 22 fe80::1 is true",
        "fe80::1 2222 [fe80::1]:2222 is true",
      })
  void a_line_is_about_the_hosts_that_it_names(String question, boolean expected) {
    String[] words = question.split(" ", -1);
    assertThat(isAbout(words[2], words[0], Integer.parseInt(words[1]))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "raspberrypi.local, 22, true",
    "raspberrypi.local, 2222, false",
    "other.local, 22, false"
  })
  void a_hashed_line_is_about_the_host_that_was_hashed(String host, int port, boolean expected) {
    assertThat(isAbout(HASHED, host, port)).isEqualTo(expected);
  }

  @Test
  void a_hashed_line_can_be_about_another_port() {
    assertThat(isAbout(HASHED_WITH_PORT, "raspberrypi.local", 2222)).isTrue();
  }

  @Test
  void what_is_not_a_host_key_is_passed_over() {
    Path file =
        Keys.write(
            dir.resolve("known_hosts"),
            """

            # pi ssh-ed25519 AAAA
            pi
            pi ssh-ed25519
            pi ssh-ed25519 not*base64
            pi 2048 35 1234567890
            |1|bad pi ssh-ed25519 AAAA
            |2|AAAA|BBBB ssh-ed25519 AAAA
            pi ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIGFi
            \tpi\tssh-ed25519\tAAAAC3NzaC1lZDI1NTE5AAAAIGFi\tgood
            """);
    assertThat(KnownHosts.read(List.of(file)).about("pi", 22))
        .extracting(KnownHosts.Line::place)
        .containsExactly(file + ":10");
  }

  @Test
  void files_that_do_not_exist_are_passed_over_and_the_others_read_in_order() {
    Path first = Keys.write(dir.resolve("first"), "pi " + KEY + "\n");
    Path second = Keys.write(dir.resolve("second"), "pi " + KEY + "\n");
    assertThat(KnownHosts.read(List.of(dir.resolve("none"), first, second)).about("pi", 22))
        .extracting(KnownHosts.Line::source)
        .containsExactly(first.toString(), second.toString());
  }

  @Test
  void a_file_that_cannot_be_read_is_a_failure() throws IOException {
    Path directory = Files.createDirectory(dir.resolve("known_hosts"));
    assertThatThrownBy(() -> KnownHosts.read(List.of(directory)))
        .isInstanceOf(DeployException.class)
        .hasMessageContaining(directory.toString());
  }

  private boolean isAbout(String hosts, String host, int port) {
    Path file = Keys.write(dir.resolve("known_hosts"), hosts + " " + KEY + "\n");
    return !KnownHosts.read(List.of(file)).about(host, port).isEmpty();
  }
}
