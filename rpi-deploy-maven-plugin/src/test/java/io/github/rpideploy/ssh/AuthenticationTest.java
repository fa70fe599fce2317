package io.github.rpideploy.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.remote.Command;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.ssh.key.SshKey;
import io.github.rpideploy.ssh.settings.Login;
import io.github.rpideploy.ssh.settings.Secret;
import io.github.rpideploy.ssh.settings.SecretPrompt;
import io.github.rpideploy.ssh.settings.SshRequest;
import io.github.rpideploy.ssh.settings.SshSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.auth.password.UserAuthPasswordFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class AuthenticationTest {

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
    pi = Pi.running();
  }

  @AfterEach
  void stop() {
    pi.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ed25519", "ecdsa", "rsa"})
  void a_key_file_as_ssh_keygen_writes_it_lets_us_in(String type) {
    KeyPair keys = byName(type);
    pi.authorized(keys);
    Path file = Keys.openSsh(home.resolve("id_" + type), keys, null);
    assertThat(authentication(settings().withIdentityFiles(List.of(file))))
        .isEqualTo(SshKey.of(keys.getPublic()) + " from " + file);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ed25519", "rsa"})
  void a_key_file_in_pkcs8_lets_us_in(String type) {
    KeyPair keys = byName(type);
    pi.authorized(keys);
    Path file = Keys.pkcs8(home.resolve("key.pem"), keys);
    assertThat(authentication(settings().withIdentityFiles(List.of(file)))).endsWith("key.pem");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ecdsa", "rsa"})
  void a_key_file_in_the_older_pem_form_lets_us_in(String type) {
    KeyPair keys = byName(type);
    pi.authorized(keys);
    Path file = Keys.pem(home.resolve("key.pem"), keys);
    assertThat(authentication(settings().withIdentityFiles(List.of(file)))).endsWith("key.pem");
  }

  @Test
  void a_key_given_as_text_is_tried_first() {
    pi.authorized(ed25519);
    String text = Keys.text(Keys.openSsh(home.resolve("key"), ed25519, null));
    Path other = Keys.openSsh(home.resolve("other"), ecdsa, null);
    SshSettings settings = settings().with(login(text)).withIdentityFiles(List.of(other));
    assertThat(authentication(settings)).endsWith(" from RPI_SSH_KEY");
    assertThat(pi.offered()).containsExactly(SshKey.of(ed25519.getPublic()));
  }

  @Test
  void a_key_given_as_text_may_have_lost_its_last_line_break_and_have_windows_ones() {
    pi.authorized(ed25519);
    String text = Keys.text(Keys.openSsh(home.resolve("key"), ed25519, null));
    SshSettings settings = settings().with(login("\r\n" + text.strip().replace("\n", "\r\n")));
    assertThat(authentication(settings)).endsWith(" from RPI_SSH_KEY");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ed25519", "ecdsa", "rsa"})
  void a_key_of_the_agent_lets_us_in(String type) {
    KeyPair keys = byName(type);
    pi.authorized(keys);
    Path socket = home.resolve("agent");
    try (Agent agent = Agent.at(socket, keys)) {
      assertThat(agent).isNotNull();
      assertThat(authentication(settings().withAgentSocket(Optional.of(socket))))
          .isEqualTo(SshKey.of(keys.getPublic()) + " from the ssh-agent (key of the agent)");
    }
  }

  @Test
  void named_files_come_first_then_the_agent_then_the_usual_files_and_none_twice() {
    KeyPair authorized = Keys.ed25519();
    pi.authorized(authorized);
    Path socket = home.resolve("agent");
    Path named = Keys.openSsh(home.resolve("named"), ecdsa, null);
    Path usual = Keys.openSsh(home.resolve("usual"), authorized, null);
    Login login =
        new Login(
            Optional.empty(),
            List.of(named),
            List.of(usual),
            List.of(),
            Optional.of(socket),
            false,
            Optional.empty(),
            Optional.empty());
    try (Agent agent = Agent.at(socket, rsa, ecdsa)) {
      assertThat(agent).isNotNull();
      assertThat(authentication(settings().with(login))).endsWith("usual");
    }
    assertThat(pi.offered())
        .extracting(SshKey::type)
        .containsExactly("ecdsa-sha2-nistp256", "ssh-rsa", "ssh-ed25519");
  }

  @Test
  void an_encrypted_key_that_the_agent_holds_is_signed_with_by_the_agent() {
    pi.authorized(ed25519);
    Path socket = home.resolve("agent");
    Path locked = Keys.openSsh(home.resolve("locked"), ed25519, "secret");
    SshSettings settings =
        settings().withAgentSocket(Optional.of(socket)).withIdentityFiles(List.of(locked));
    try (Agent agent = Agent.at(socket, rsa, ed25519)) {
      assertThat(agent).isNotNull();
      assertThat(authentication(settings)).endsWith("from the ssh-agent (key of the agent)");
    }
    assertThat(pi.offered()).containsExactly(SshKey.of(ed25519.getPublic()));
  }

  @Test
  void a_passphrase_is_asked_for_when_nothing_else_opens_the_key_and_again_when_it_is_wrong() {
    pi.authorized(ed25519);
    Path locked = Keys.openSsh(home.resolve("locked"), ed25519, "secret");
    List<String> questions = new ArrayList<>();
    SecretPrompt user =
        question -> {
          questions.add(question);
          return Optional.of(questions.size() == 1 ? "wrong" : "secret");
        };
    try (SshConnection connection =
        SshConnection.open(settings().withIdentityFiles(List.of(locked)), pi.events()::add, user)) {
      assertThat(connection.exec(Command.of("true")).ok()).isTrue();
    }
    assertThat(questions).containsOnly("Passphrase of " + locked).hasSize(2);
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "its permissions are not those of POSIX")
  void a_private_key_that_others_can_read_is_used_with_a_warning() throws Exception {
    pi.authorized(ed25519);
    Path file = Keys.openSsh(home.resolve("open"), ed25519, null);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    pi.connect(settings().withIdentityFiles(List.of(file))).close();
    assertThat(pi.events().get(0))
        .isEqualTo(
            new Event.Warning(
                "The private key " + file + " can be read by others: chmod 600 '" + file + "'"));
  }

  @Test
  void an_agent_that_is_gone_does_no_harm() {
    pi.authorized(ed25519);
    Path file = Keys.openSsh(home.resolve("id"), ed25519, null);
    SshSettings settings =
        settings()
            .withAgentSocket(Optional.of(home.resolve("gone")))
            .withIdentityFiles(List.of(file));
    assertThat(authentication(settings)).endsWith("id");
  }

  @Test
  void a_refusal_lists_every_key_and_why_others_were_not_tried() {
    pi.authorized(Keys.ed25519());
    Path plain = Keys.openSsh(home.resolve("plain"), ed25519, null);
    Path locked = Keys.openSsh(home.resolve("locked"), ecdsa, "secret");
    Path broken = Keys.write(home.resolve("broken"), "ssh-ed25519 AAAA a public key\n");
    SshSettings settings =
        settings()
            .with(login(Keys.text(Keys.openSsh(home.resolve("text"), rsa, null))))
            .withAgentSocket(Optional.of(home.resolve("gone")))
            .withIdentityFiles(List.of(plain, locked, broken));
    DeployException failure = refusal(settings);
    assertThat(failure)
        .hasMessageContainingAll(
            "Cannot log in to pi@127.0.0.1:" + pi.port() + ": every key was refused",
            "Tried: " + SshKey.of(rsa.getPublic()) + " from RPI_SSH_KEY",
            SshKey.of(ed25519.getPublic()) + " from " + plain,
            "Not tried: " + locked + " is encrypted with a passphrase",
            "ssh-add '" + locked + "'",
            "Not tried: " + broken + " holds no private key",
            "Not tried: the ssh-agent at " + home.resolve("gone"),
            "The server accepts: publickey");
    assertThat(failure.hint())
        .contains("ssh-copy-id -p " + pi.port() + " pi@127.0.0.1")
        .contains("ssh -o BatchMode=yes -p " + pi.port() + " pi@127.0.0.1 true");
  }

  @Test
  void no_message_holds_anything_of_a_private_key() throws Exception {
    pi.authorized(Keys.ed25519());
    Path file = Keys.openSsh(home.resolve("plain"), ed25519, null);
    String text = Keys.text(Keys.openSsh(home.resolve("text"), rsa, null));
    SshSettings settings = settings().with(login(text)).withIdentityFiles(List.of(file));
    String shown = allText(refusal(settings)) + settings;
    for (String line : (text + Files.readString(file)).split("\n", -1)) {
      if (line.length() > 20 && !line.startsWith("-----")) {
        assertThat(shown).doesNotContain(line.substring(0, 20));
      }
    }
  }

  @Test
  void text_that_is_no_key_is_refused_before_connecting_and_not_repeated() {
    SshSettings settings =
        settings().withPort(1).with(login("-----BEGIN hunter2 KEY-----\nhunter2"));
    DeployException failure = refusal(settings);
    assertThat(failure).hasMessageContaining("RPI_SSH_KEY holds no private key");
    assertThat(allText(failure)).doesNotContain("hunter2");
  }

  @Test
  void encrypted_text_is_refused_before_connecting() {
    String text = Keys.text(Keys.openSsh(home.resolve("locked"), ed25519, "secret"));
    assertThat(refusal(settings().withPort(1).with(login(text))))
        .hasMessageContaining("RPI_SSH_KEY is encrypted with a passphrase");
  }

  @Test
  void a_key_file_that_does_not_exist_is_refused_before_connecting() {
    Path missing = home.resolve("missing");
    assertThatThrownBy(() -> pi.connect(settings().withPort(1).withIdentityFiles(List.of(missing))))
        .isInstanceOf(DeployException.class)
        .hasMessage("The private key file does not exist: " + missing);
  }

  @Test
  void without_any_key_the_message_says_so() {
    assertThat(refusal(settings()))
        .hasMessageContainingAll(": there is no key to try", "accepts: publickey");
  }

  @Test
  void a_server_that_takes_passwords_only_is_quoted() {
    pi.close();
    pi = Pi.prepared();
    pi.server().setUserAuthFactories(List.of(UserAuthPasswordFactory.INSTANCE));
    pi.server().setPasswordAuthenticator((user, password, session) -> false);
    pi.start();
    Path file = Keys.openSsh(home.resolve("id"), ed25519, null);
    assertThat(refusal(settings().withIdentityFiles(List.of(file))))
        .hasMessageContaining("The server accepts: password");
  }

  @Test
  void too_many_keys_are_named_as_the_cause() {
    CoreModuleProperties.MAX_AUTH_REQUESTS.set(pi.server(), 1);
    pi.authorized(Keys.ed25519());
    Path socket = home.resolve("agent");
    try (Agent agent = Agent.at(socket, ed25519, ecdsa, rsa)) {
      assertThat(agent).isNotNull();
      DeployException failure = refusal(settings().withAgentSocket(Optional.of(socket)));
      assertThat(failure).hasMessageContaining("Too many authentication failures");
      assertThat(failure.hint()).contains("-Drpi.identityFile");
    }
  }

  @Test
  void nothing_but_our_own_settings_decides_which_keys_are_offered() {
    assertThat(refusal(settings().withTimeouts(Duration.ofSeconds(5), Duration.ofSeconds(5))))
        .hasMessageContaining("there is no key to try");
    assertThat(pi.offered()).isEmpty();
  }

  private static KeyPair byName(String type) {
    return switch (type) {
      case "ed25519" -> ed25519;
      case "ecdsa" -> ecdsa;
      default -> rsa;
    };
  }

  private static Login login(String keyText) {
    return Login.NOTHING.withText(Optional.of(new Secret(keyText, SshRequest.KEY_VARIABLE)));
  }

  /** Settings that know the host and no key. */
  private SshSettings settings() {
    return pi.settings(home).withIdentityFiles(List.of());
  }

  private String authentication(SshSettings settings) {
    try (SshConnection connection = pi.connect(settings)) {
      assertThat(connection.exec(Command.of("true")).ok()).isTrue();
    }
    return ((Event.Connected) pi.events().get(0)).authentication();
  }

  private DeployException refusal(SshSettings settings) {
    return catchThrowableOfType(DeployException.class, () -> pi.connect(settings).close());
  }

  private static String allText(DeployException failure) {
    StringBuilder text = new StringBuilder(failure.hint());
    for (Throwable t = failure; t != null; t = t.getCause()) {
      text.append('\n').append(t);
    }
    return text.toString();
  }
}
