package io.github.rpideploy.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.remote.Command;
import io.github.rpideploy.ssh.hostkey.HostKeyCheck;
import io.github.rpideploy.ssh.key.SshKey;
import io.github.rpideploy.ssh.settings.HostTrust;
import io.github.rpideploy.ssh.settings.SshSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class HostKeyTest {

  private static KeyPair ed25519;
  private static KeyPair ecdsa;
  private static KeyPair rsa;

  @TempDir Path home;
  private Pi pi;

  @BeforeAll
  static void generate() {
    ed25519 = Keys.ed25519();
    ecdsa = Keys.ecdsa();
    rsa = Keys.rsa();
  }

  @BeforeEach
  void start() {
    pi = Pi.prepared().hostKeys(rsa, ecdsa, ed25519).start();
  }

  @AfterEach
  void stop() {
    pi.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void a_server_with_three_keys_is_accepted_by_the_one_that_is_known(int which) {
    KeyPair known = List.of(ed25519, ecdsa, rsa).get(which);
    try (SshConnection connection = connect(pi.knownHosts(known))) {
      assertThat(connection.exec(Command.of("true")).ok()).isTrue();
    }
  }

  @Test
  void an_unknown_host_is_refused_before_anything_is_authenticated() {
    DeployException failure = refusal("# nothing\n");
    assertThat(failure)
        .hasMessageContainingAll(
            "The host key of 127.0.0.1:" + pi.port() + " is not known",
            "SHA256:",
            home.resolve("known_hosts").toString(),
            "Nothing was authenticated or sent");
    assertThat(failure.hint())
        .contains("ssh-keygen -lf /etc/ssh/ssh_host_")
        .contains("ssh-keyscan -t ")
        .contains("-p " + pi.port() + " 127.0.0.1 >> '" + home.resolve("known_hosts") + "'");
    assertThat(pi.offered()).isEmpty();
  }

  @Test
  void a_missing_known_hosts_file_makes_every_host_unknown() {
    SshSettings settings = pi.settings(home).withKnownHosts(List.of(home.resolve("none")));
    assertThat(catchThrowableOfType(DeployException.class, () -> pi.connect(settings)))
        .hasMessageContainingAll("is not known", home.resolve("none").toString());
  }

  @Test
  void a_changed_key_is_refused_with_both_fingerprints_and_the_line() {
    KeyPair old = Keys.ed25519();
    DeployException failure = refusal("# a comment\n" + pi.knownHosts(old));
    assertThat(failure)
        .hasMessageContainingAll(
            "has changed",
            SshKey.of(ed25519.getPublic()).toString(),
            SshKey.of(old.getPublic()).toString(),
            home.resolve("known_hosts") + ":2",
            "Nothing was authenticated or sent");
    assertThat(failure.hint())
        .contains(
            "ssh-keygen -R '[127.0.0.1]:%d' -f '%s'"
                .formatted(pi.port(), home.resolve("known_hosts")))
        .contains("ssh-keyscan -t ed25519");
    assertThat(pi.offered()).isEmpty();
  }

  @Test
  void a_key_of_another_type_than_the_known_one_is_a_changed_key() {
    pi.close();
    pi = Pi.prepared().hostKeys(rsa).start();
    assertThat(refusal(pi.knownHosts(ed25519))).hasMessageContaining("has changed");
  }

  @Test
  void a_revoked_key_is_refused_even_when_another_line_trusts_it() {
    DeployException failure =
        refusal(pi.knownHosts(ed25519) + "@revoked * " + line(ed25519) + "\n");
    assertThat(failure)
        .hasMessageContainingAll(
            "is revoked", SshKey.of(ed25519.getPublic()).fingerprint(), "known_hosts:2");
    assertThat(pi.offered()).isEmpty();
  }

  @Test
  void a_new_key_that_was_accepted_is_the_only_one_when_keys_are_exchanged_again()
      throws IOException {
    Path file = home.resolve("new");
    HostKeyCheck check =
        new HostKeyCheck(
            pi.settings(home)
                .with(
                    new HostTrust(
                        List.of("raspberrypi"),
                        List.of(file),
                        Optional.empty(),
                        List.of(),
                        true,
                        false,
                        List.of())),
            event -> {});

    assertThat(check.accepts(ed25519.getPublic())).isTrue();
    assertThat(check.accepts(ed25519.getPublic())).isTrue();
    assertThat(check.accepts(rsa.getPublic())).isFalse();

    assertThat(Files.readAllLines(file)).hasSize(1);
  }

  @Test
  void the_authority_of_certificates_is_no_host_key() {
    assertThat(refusal("@cert-authority * " + line(ed25519) + "\n"))
        .hasMessageContaining("is not known");
  }

  @Test
  void an_authority_of_one_route_is_none_of_another() {
    Path file =
        Keys.write(home.resolve("authorities"), "@cert-authority there " + line(ed25519) + "\n");
    SshSettings settings = pi.settings(home).withKnownHosts(List.of(file));

    assertThat(knowsAuthority(settings, "there", "elsewhere")).isTrue();
    assertThat(knowsAuthority(settings, "elsewhere", "there")).isFalse();
  }

  private static boolean knowsAuthority(SshSettings settings, String... names) {
    HostTrust trust = settings.trust();
    return new HostKeyCheck(
            settings.with(
                new HostTrust(
                    List.of(names),
                    trust.files(),
                    Optional.empty(),
                    List.of(),
                    false,
                    false,
                    List.of())),
            event -> {})
        .knowsAuthority();
  }

  @Test
  void the_second_file_is_read_too() {
    Path second = Keys.write(home.resolve("second"), pi.knownHosts(ed25519));
    SshSettings settings = pi.settings(home);
    Keys.write(home.resolve("known_hosts"), "other.example " + line(rsa) + "\n");
    SshSettings both = settings.withKnownHosts(List.of(home.resolve("known_hosts"), second));
    try (SshConnection connection = pi.connect(both)) {
      assertThat(connection.exec(Command.of("true")).ok()).isTrue();
    }
  }

  private static String line(KeyPair keys) {
    SshKey key = SshKey.of(keys.getPublic());
    return key.type() + " " + key.base64();
  }

  private SshConnection connect(String knownHosts) {
    SshSettings settings = pi.settings(home);
    Keys.write(home.resolve("known_hosts"), knownHosts);
    return pi.connect(settings);
  }

  private DeployException refusal(String knownHosts) {
    return catchThrowableOfType(DeployException.class, () -> connect(knownHosts).close());
  }
}
