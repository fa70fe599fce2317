package com.example.pi.auth;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What the container's log says when a setting cannot work. */
@ExtendWith(OutputCaptureExtension.class)
class AuthPropertiesTest {

  @ParameterizedTest
  @ValueSource(strings = {"auth-server", "/relative", "ftp://auth-server", "http:no-host"})
  void anIssuerThatIsNotAnAbsoluteHttpUriStopsTheStart(String issuer, CapturedOutput log) {
    startFails("--auth.issuer=" + issuer);

    assertThat(log)
        .contains("APPLICATION FAILED TO START")
        .contains("auth.issuer must be an absolute http or https URI")
        .contains("but is \"" + issuer + "\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0s", "-1m"})
  void aTokenLifetimeThatIsNotPositiveStopsTheStart(String lifetime, CapturedOutput log) {
    startFails("--auth.token-lifetime=" + lifetime);

    assertThat(log)
        .contains("APPLICATION FAILED TO START")
        .contains("auth.token-lifetime must be a positive duration");
  }

  @Test
  void aMissingClientSecretStopsTheStart(CapturedOutput log) {
    startFails("--auth.client.secret=");

    assertThat(log)
        .contains("APPLICATION FAILED TO START")
        .contains("auth.client.id and auth.client.secret must be set");
  }

  private static void startFails(String argument) {
    try {
      SpringApplication.run(AuthServer.class, "--server.port=0", argument).close();
    } catch (RuntimeException expected) {
      return;
    }
    throw new AssertionError("started with " + argument);
  }
}
