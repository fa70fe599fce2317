package io.github.rpideploy.ssh.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.rpideploy.BadInput;
import io.github.rpideploy.Fuzz;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Configurations and addresses as on a machine without OpenSSH's client, and answers of it. */
class BadSshConfigTest {

  private static final List<String> GOOD =
      List.of(
          """
          Host pi *.example
            HostName 10.0.0.5
            Port 2222
            User me
            IdentityFile ~/.ssh/id_%h
            ConnectTimeout 20
            UserKnownHostsFile ~/.ssh/known /etc/known
            StrictHostKeyChecking accept-new
          Host gate
            ProxyJump me@other:22
          Match host pi exec "true"
            User other
          Host *
            IdentityAgent ${SSH_AUTH_SOCK}
            Ciphers aes128-ctr,aes256-ctr
          """,
          "Host=pi\nPort=22\nProxyJump=gate\nHost gate\nUser=\"me too\"\n");

  @TempDir private Path home;

  /** Where it leads to, read by MINA from a file. */
  private String read(String config) throws Exception {
    Path file = home.resolve("config");
    Files.deleteIfExists(file);
    Files.write(file, config.getBytes(StandardCharsets.UTF_8));
    SshRequest request = SshRequest.to("pi", Map.of()).withConfig(file.toString());
    return resolution(request).routes().toString();
  }

  private static SshResolution resolution(SshRequest request) {
    return new SshResolution(
        request,
        Map.of("SSH_AUTH_SOCK", "/run/agent"),
        question -> MinaSshConfig.read(question, new ArrayList<>()));
  }

  static Stream<Arguments> files() {
    return Stream.of(
        arguments("nothing", "", true),
        arguments("noise", "\0\u0001\ufffd", false),
        arguments("a byte order mark", "\ufeffHost pi\n  Port 23\n", true),
        arguments("Windows line ends", "Host pi\r\n  Port 23\r\n", true),
        arguments("an unknown keyword", "Host pi\n  Teleport yes\n", true),
        arguments("no host", "Port 23\n", true),
        arguments("a keyword without a value", "Host pi\n  Port\n", false),
        arguments("a port in words", "Host pi\n  Port ssh\n", false),
        arguments("a port beyond all", "Host pi\n  Port 99999999999999\n", false),
        arguments("a port of 0", "Host pi\n  Port 0\n", false),
        arguments("a time in words", "Host pi\n  ConnectTimeout soon\n", true),
        arguments("a time of 30 digits", "Host pi\n  ConnectTimeout " + "9".repeat(30), true),
        arguments("a time of no time", "Host pi\n  ConnectTimeout 0\n", true),
        arguments("an Arabic time", "Host pi\n  ConnectTimeout \u0662\u0660\n", true),
        arguments("a user with a blank", "Host pi\n  User \"a b\"\n", false),
        arguments("a user that is an option", "Host pi\n  User -x\n", false),
        arguments("a host that is a command", "Host pi\n  HostName $(reboot)\n", false),
        arguments("a path with NUL", "Host pi\n  IdentityFile a\0b\n", false),
        arguments("a path with a token of nobody", "Host pi\n  IdentityFile %q\n", false),
        arguments("a path that ends in a token", "Host pi\n  IdentityFile a%\n", false),
        arguments("a variable that is not set", "Host pi\n  IdentityFile ${NOBODY}\n", false),
        arguments("half a variable", "Host pi\n  IdentityFile ${NOBODY\n", true),
        arguments("a jump in a circle", "Host pi\n  ProxyJump pi\n", false),
        arguments("a jump to nothing", "Host pi\n  ProxyJump ,,\n", true),
        arguments("a jump with a port in words", "Host pi\n  ProxyJump gate:ssh\n", false),
        arguments("stars", "Host " + "*".repeat(60) + "x\n  Port 23\n", true),
        arguments("question marks and stars", "Host " + "*?".repeat(60) + "x\n  Port 23\n", true),
        arguments("a long line", "Host " + "x ".repeat(1 << 15) + "\n  Port 23\n", true),
        arguments("20,000 hosts", "Host x\n  Port 1\n".repeat(20_000), true));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void files(String name, String config, boolean isRead) {
    assertThat(BadInput.read(name, () -> read(config)).isPresent()).isEqualTo(isRead);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "@",
        "a@",
        "@pi",
        "a@@pi",
        ":",
        "pi:",
        ":22",
        "pi:-1",
        "pi:65536",
        "pi:22:23x@",
        "[",
        "[]",
        "[::1",
        "[::1]:",
        "[::1]:x",
        "ssh://",
        "ssh:///",
        "ssh://@:",
        "-pi",
        "p i",
        "p\u00a0i",
        "pi\u202e",
        "pi\0",
        "pi;x",
        "pi\u001b[31m",
        "\ud800",
        "ssh://pi:22/x y",
        "a,b",
        "''"
      })
  void an_address_that_is_none_is_refused_unless_it_is_a_name(String address) {
    BadInput.read(
        address,
        () -> resolution(SshRequest.to(address, Map.of()).withConfig("none")).routes().toString());
    BadInput.read(
        address,
        () ->
            resolution(SshRequest.to("pi", Map.of()).withConfig("none").withJump(address))
                .routes()
                .toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "soon", "99999999999999999999", "\u0662\u0660", "-1", "1m30s"})
  void a_time_that_is_none_is_the_default(String seconds) {
    SshConfig config =
        new SshConfig(Map.of("connecttimeout", List.of(seconds)), Map.of(), "a file");

    assertThat(BadInput.read(seconds, config::connectTimeout)).contains(Duration.ofSeconds(20));
  }

  @Test
  void broken_files_are_read_or_refused() {
    Fuzz.Result result = Fuzz.texts("SSH configuration", 5, GOOD, this::read);

    assertThat(result.taken()).isPositive();
    assertThat(result.refused()).isPositive();
  }
}
