package io.github.rpideploy.deploy.others;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Engines and registries were seen to say. */
class PullFailureTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          toomanyrequests: You have reached your pull rate limit.                                     | limits how much
          no matching manifest for linux/arm64/v8 in the manifest list entries                        | not made for linux/arm64
          image with reference x was found but does not match the specified platform                  | not made for linux/arm64
          write /var/lib/docker/tmp/GetImageBlob1: no space left on device                             | disk is full
          tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 1970 is before 2026 | clock is wrong
          x509: certificate signed by unknown authority                                               | does not trust the certificate
          http: server gave HTTP response to HTTPS client                                             | does not trust the certificate
          pull access denied for shop, repository does not exist or may require 'docker login'        | wants a login
          Get "https://ghcr.io/v2/x/manifests/1": unauthorized                                        | wants a login
          manifest for postgres:99 not found: manifest unknown: manifest unknown                      | no such image or tag
          failed to resolve reference "docker.io/library/x:1": docker.io/library/x:1: not found       | no such image or tag
          dial tcp: lookup registry-1.docker.io on 127.0.0.11:53: no such host                        | cannot reach its registry
          dial tcp: lookup registry-1.docker.io: Temporary failure in name resolution                 | cannot reach its registry
          dial tcp 127.0.0.1:5000: connect: connection refused                                        | cannot reach its registry
          net/http: request canceled while waiting for connection (Client.Timeout exceeded)           | cannot reach its registry
          net/http: TLS handshake timeout                                                             | cannot reach its registry
          unexpected EOF                                                                              | cannot reach its registry
          something else                                                                              | Docker says so
          """)
  void what_is_said_of_a_pull_has_a_cause(String said, String cause) {
    PullFailure failure = PullFailure.of("shop:1", "linux/arm64", List.of("x", said), "docker");

    assertThat(failure.cause()).contains(cause);
  }

  @ParameterizedTest
  @CsvSource({"shop:1, docker login", "ghcr.io/a/b, docker login ghcr.io", "a/b, docker login"})
  void who_must_log_in_is_told_where(String image, String login) {
    assertThat(PullFailure.of(image, "", List.of("unauthorized"), "docker").fix()).endsWith(login);
  }
}
