package io.github.rpideploy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.it.lab.SshLab;
import io.github.rpideploy.it.lab.UserBuild;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a {@code <server>} of settings.xml says of the Pi, decrypted by a real Maven. */
class SettingsIT {

  /** Of {@code mvn --encrypt-master-password}. */
  private static final String MASTER =
      "{I/uxunRTxnMHYRCBBUhq+GzNNWp0mmf0UQ9WII/+bmRJCoGpE3Byp8XbcAhXTdBA}";

  /** {@code correct-horse}, of {@code mvn --encrypt-password}. */
  private static final String PASSWORD = "{clQ395jgNxQH62iUjRlajk9089gpdnoVNaBQqvvmxnc=}";

  /** {@code open sesame}, in the same way. */
  private static final String PASSPHRASE = "{9GO4IC+nzfEHF2Dq2Y7MiCEpidQgXRV2w7okoi64V80=}";

  @TempDir private static Path directory;

  private static SshLab lab;
  private static SshLab.Server server;
  private static UserBuild build;

  @BeforeAll
  static void prepare() throws Exception {
    lab = SshLab.up("settings", directory);
    lab.key("host", "", "-t", "ed25519");
    lab.key("locked", "open sesame", "-t", "ed25519");
    lab.write("authorized", lab.publicKey("locked") + "\n");
    lab.install();
    lab.pi()
        .asRoot(
            "id secretive >/dev/null 2>&1 || useradd --create-home --shell /bin/bash secretive;"
                + " echo secretive:correct-horse | chpasswd; usermod -aG docker secretive");
    server = lab.server("HostKey %K/host", "PasswordAuthentication yes");
    lab.write("known_hosts", server.known("host"));
    lab.write(
        "security.xml", "<settingsSecurity><master>" + MASTER + "</master></settingsSecurity>\n");
    build = new UserBuild(directory.resolve("project"), directory.resolve("inputs"));
  }

  @AfterAll
  static void takeDown() throws Exception {
    lab.down();
  }

  @Test
  void an_encrypted_password_logs_in() throws Exception {
    UserBuild.Outcome outcome =
        doctor("<username>secretive</username><password>" + PASSWORD + "</password>");
    assertThat(outcome.output())
        .contains(
            "secretive@" + server.host() + ":" + server.port() + ", logged in",
            "the password (password) from settings.xml, server " + server.host())
        .doesNotContain("correct-horse", PASSWORD);
  }

  @Test
  void an_encrypted_passphrase_opens_the_key() throws Exception {
    UserBuild.Outcome outcome =
        doctor(
            "<username>pi</username><privateKey>"
                + lab.file("locked")
                + "</privateKey><passphrase>"
                + PASSPHRASE
                + "</passphrase>");
    assertThat(outcome.output())
        .contains("pi@" + server.host() + ":" + server.port() + ", logged in")
        .contains(lab.file("locked").toString())
        .doesNotContain("open sesame", PASSPHRASE);
  }

  @Test
  void a_password_in_plain_text_is_refused() throws Exception {
    UserBuild.Outcome outcome =
        doctor("<username>secretive</username><password>correct-horse</password>");
    assertThat(outcome.status()).isNotZero();
    assertThat(outcome.output())
        .contains(
            "The password of the <server> " + server.host() + " is not encrypted in",
            "mvn --encrypt-password")
        .doesNotContain("correct-horse");
    assertThat(server.log()).doesNotContain("Failed password");
  }

  @Test
  void what_cannot_be_decrypted_is_refused() throws Exception {
    UserBuild.Outcome outcome =
        doctor("<username>secretive</username><password>{bm90aGluZyB0byBkZWNyeXB0}</password>");
    assertThat(outcome.status()).isNotZero();
    assertThat(outcome.output())
        .contains("The <server> " + server.host() + " of settings.xml cannot be decrypted");
  }

  private UserBuild.Outcome doctor(String elements) throws Exception {
    build.settings(
        "<servers><server><id>" + server.host() + "</id>" + elements + "</server></servers>");
    Files.createDirectories(build.project());
    return build.run(
        Map.of("RPI_SSH_KEY", "", "RPI_SSH_KEY_PASSPHRASE", ""),
        List.of(
            UserBuild.goal("doctor"),
            "-Dsettings.security=" + lab.file("security.xml"),
            "-Drpi.host=" + server.host(),
            "-Drpi.port=" + server.port(),
            "-Drpi.sshConfig=none",
            "-Drpi.knownHosts=" + lab.file("known_hosts")));
  }
}
