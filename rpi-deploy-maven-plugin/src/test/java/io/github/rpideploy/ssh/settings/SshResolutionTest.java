package io.github.rpideploy.ssh.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.ssh.Keys;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** As on a machine without OpenSSH's client: MINA reads the configuration file. */
class SshResolutionTest {

  @TempDir Path home;
  private final List<String> warnings = new ArrayList<>();

  @Test
  void what_is_said_wins_over_settings_which_win_over_the_configuration_which_wins_over_defaults() {
    SshRequest configured =
        configured("Host pi", "HostName 10.0.0.5", "Port 2222", "User configured");
    SshRequest.Server server = new SshRequest.Server("pi", "inSettings", null, null, null);

    assertThat(only(request("pi"))).hasToString("pi@pi:22");
    assertThat(only(configured)).hasToString("configured@10.0.0.5:2222");
    assertThat(only(configured.withServer(server))).hasToString("inSettings@10.0.0.5:2222");
    assertThat(only(configured.withServer(server).withUser("said").withPort(23)))
        .hasToString("said@10.0.0.5:23");
  }

  @Test
  void it_is_told_where_each_value_is_from_and_no_secret_is() {
    SshResolution resolution =
        resolution(
            configured("Host pi", "HostName 10.0.0.5", "User configured")
                .withPort(23)
                .withIdentityText(new Secret("s3cret", "RPI_SSH_KEY"))
                .withPassphrase(new Secret("s3cret", "RPI_SSH_KEY_PASSPHRASE")));
    resolution.routes();
    assertThat(resolution.origins())
        .contains(
            "host = 10.0.0.5 (" + home.resolve("config") + ")",
            "port = 23 (as given)",
            "user = configured (" + home.resolve("config") + ")",
            "identity = a key (RPI_SSH_KEY)")
        .noneMatch(line -> line.contains("s3cret"));
  }

  @ParameterizedTest
  @CsvSource({
    "pi, pi@pi:22",
    "me@pi, me@pi:22",
    "ssh://me@pi:2222, me@pi:2222",
    "ssh://pi/, pi@pi:22",
    "me@[fe80::1]:2222, me@[fe80::1]:2222",
    "fe80::1, pi@[fe80::1]:22",
    "pi:2222, pi@pi:2222"
  })
  void a_destination_is_read_as_ssh_does(String said, String meant) {
    assertThat(only(request(said))).hasToString(meant);
  }

  @ParameterizedTest
  @ValueSource(strings = {"pi:port", "ssh://pi:x", "pi:99999", "pi:0"})
  void a_port_that_is_none_is_refused(String said) {
    assertThatThrownBy(() -> only(request(said)))
        .isInstanceOf(DeployException.class)
        .hasMessageContaining("Not a TCP port");
  }

  @Test
  void a_host_key_that_is_known_for_one_route_is_good_on_all() {
    assertThat(resolution(request("pi.local, ssh://pi.tailnet:2222")).routes())
        .extracting(route -> route.trust().names())
        .containsExactly(
            List.of("pi.local", "[pi.tailnet]:2222"), List.of("[pi.tailnet]:2222", "pi.local"));
  }

  @Test
  void servers_on_the_way_are_looked_up_themselves() {
    SshRequest request =
        configured(
            "Host pi",
            "ProxyJump second",
            "Host second",
            "HostName 10.0.0.2",
            "User two",
            "ProxyJump me@first:2201",
            "Host first",
            "HostName first.example");
    assertThat(only(request))
        .hasToString("pi@pi:22 through two@10.0.0.2:22 through me@first.example:2201");
    assertThat(only(request.withJump("none"))).hasToString("pi@pi:22");
    assertThat(only(request.withJump("a,b")))
        .hasToString("pi@pi:22 through pi@b:22 through pi@a:22");
  }

  @Test
  void a_circle_of_servers_is_refused() {
    assertThatThrownBy(
            () -> only(configured("Host pi", "ProxyJump gate", "Host gate", "ProxyJump pi")))
        .isInstanceOf(DeployException.class)
        .hasMessageContaining("leads through more than 8 servers to pi");
  }

  @Test
  void tokens_are_those_of_the_host() {
    SshTokens tokens =
        new SshTokens(
            new SshTokens.Host("pi", "10.0.0.5", 23, "me", "alias", "gate"), Map.of("A", "a/b"));
    assertThat(tokens.expand("nc %n %h %p %r %k %j 100%%"))
        .isEqualTo("nc pi 10.0.0.5 23 me alias gate 100%");
    assertThat(tokens.path("\"/x y/${A}/%h\"")).isEqualTo(Path.of("/x y/a/b/10.0.0.5"));
    assertThatThrownBy(() -> tokens.expand("nc %")).isInstanceOf(DeployException.class);
    assertThatThrownBy(() -> tokens.path("${NONE}/x"))
        .isInstanceOf(DeployException.class)
        .hasMessageContaining("NONE, which is not set");
  }

  @Test
  void an_agent_is_where_the_configuration_or_the_environment_says() {
    assertThat(only(configured("Host *", "IdentityAgent /run/other")).login().agent())
        .contains(Path.of("/run/other"));
    assertThat(only(configured("Host *", "IdentityAgent ${RUN}/other")).login().agent())
        .contains(Path.of("/run/user/other"));
    assertThat(only(configured("Host *", "IdentityAgent none")).login().agent()).isEmpty();
    assertThat(only(request("pi")).login().agent()).contains(Path.of("/run/agent"));
  }

  @Test
  void what_mina_cannot_read_is_named() {
    assertThat(
            only(
                configured(
                    "Include other",
                    "Host pi",
                    "HostName 10.0.0.5",
                    "UserKnownHostsFile /a /b",
                    "Match user pi",
                    "Port 1")))
        .hasToString("pi@10.0.0.5:22")
        .extracting(route -> route.trust().files())
        .asInstanceOf(InstanceOfAssertFactories.list(Path.class))
        .startsWith(Path.of("/a"), Path.of("/b"));
    assertThat(warnings)
        .singleElement()
        .asString()
        .contains(home.resolve("config").toString(), "Include, Match", "OpenSSH's client");
  }

  @Test
  void a_policy_other_than_strict_and_accept_new_is_refused() {
    assertThatThrownBy(() -> request("pi").withHostKeyPolicy("no"))
        .isInstanceOf(DeployException.class)
        .hasMessageContaining("only strict and accept-new exist");
    assertThat(only(request("pi").withHostKeyPolicy("accept-new")).trust().acceptNew()).isTrue();
    assertThat(only(configured("Host *", "StrictHostKeyChecking no")).trust().acceptNew())
        .isFalse();
  }

  @Test
  void times_are_those_that_are_said_or_configured() {
    SshRequest configured = configured("Host *", "ConnectTimeout 7");
    assertThat(only(request("pi")).connectTimeout()).isEqualTo(Duration.ofSeconds(20));
    assertThat(only(configured).connectTimeout()).isEqualTo(Duration.ofSeconds(7));
    assertThat(only(configured.withConnectTimeout(Duration.ofSeconds(3))).connectTimeout())
        .isEqualTo(Duration.ofSeconds(3));
  }

  @Test
  void the_environment_holds_secrets_only_where_they_are_looked_for() {
    SshRequest request =
        SshRequest.to(
            "pi",
            Map.of("RPI_SSH_KEY", "key", "RPI_SSH_KEY_PASSPHRASE", "", "RPI_KNOWN_HOSTS", "x"));
    assertThat(request.identityText()).isEqualTo(new Secret("key", "RPI_SSH_KEY"));
    assertThat(request.passphrase()).isNull();
    assertThat(request.knownHostsText()).isEqualTo(new Secret("x", "RPI_KNOWN_HOSTS"));
    assertThat(request.toString()).doesNotContain("key,").contains("a secret from RPI_SSH_KEY");
  }

  @Test
  void another_machine_is_asked_for_with_the_same_login_but_not_by_the_way_or_key_of_the_first() {
    SshRequest first =
        SshRequest.to("ann@pi.local,pi", Map.of("RPI_SSH_KEY", "key", "RPI_KNOWN_HOSTS", "x"))
            .withUser("ann")
            .withConfig("none")
            .withConnectTimeout(Duration.ofSeconds(3));

    assertThat(
            first
                .withPort(2222)
                .withJump("gate")
                .withHostKeys(List.of("SHA256:" + "A".repeat(43)))
                .toNode(SshNode.SAME.at("10.0.0.2")))
        .isEqualTo(
            SshRequest.to("10.0.0.2", Map.of("RPI_SSH_KEY", "key", "RPI_KNOWN_HOSTS", "x"))
                .withUser("ann")
                .withConfig("none")
                .withConnectTimeout(Duration.ofSeconds(3))
                .withJump("none"));
  }

  @Test
  void another_machine_has_the_port_of_the_configuration_and_no_server_before_it() {
    SshRequest configured =
        configured("Host 10.0.0.*", "Port 2222", "ProxyJump gate", "Host *", "User pi");

    assertThat(only(configured.withPort(7).toNode(SshNode.SAME.at("10.0.0.2"))))
        .hasToString("pi@10.0.0.2:2222");
    assertThat(only(configured.withPort(7).toNode(SshNode.SAME.at("10.1.0.2"))))
        .hasToString("pi@10.1.0.2:22");
  }

  @Test
  void another_machine_has_what_it_says_itself() {
    SshRequest first = SshRequest.to("pi", Map.of()).withUser("ann").withConfig("none");
    SshNode node = new SshNode("attic", 2222, "bob", Path.of("id_attic"));

    assertThat(first.toNode(node.at("10.0.0.2")))
        .isEqualTo(
            SshRequest.to("attic", Map.of())
                .withUser("bob")
                .withPort(2222)
                .withIdentityFile(Path.of("id_attic"))
                .withConfig("none")
                .withJump("none"));
  }

  private static SshRequest request(String hosts) {
    return SshRequest.to(hosts, Map.of()).withConfig(SshConfig.NO_FILE);
  }

  private SshRequest configured(String... lines) {
    Path config = Keys.write(home.resolve("config"), String.join("\n", lines) + "\n");
    return SshRequest.to("pi", Map.of()).withConfig(config.toString());
  }

  private SshResolution resolution(SshRequest request) {
    return new SshResolution(
        request,
        Map.of("SSH_AUTH_SOCK", "/run/agent", "RUN", "/run/user"),
        question -> MinaSshConfig.read(question, warnings));
  }

  private SshSettings only(SshRequest request) {
    return resolution(request).routes().get(0);
  }
}
