package com.example.pi.extension;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.client.TestRestTemplate;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

@SpringBootTest(
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = "extension.jwks-retry=50ms")
class ReadinessTest {

  static final FakeAuthServer authServer = FakeAuthServer.start(false);

  @Autowired TestRestTemplate http;

  @DynamicPropertySource
  static void properties(DynamicPropertyRegistry registry) {
    registry.add("extension.jwks-uri", authServer::jwksUri);
  }

  @AfterAll
  static void stop() {
    authServer.close();
  }

  @Test
  void theServiceIsReadyOnlyWhenItHasFetchedTheKeys() {
    await().atMost(10, SECONDS).until(() -> probe("readiness").getBody().contains("503"));
    assertThat(probe("readiness").getStatusCode()).isEqualTo(HttpStatus.SERVICE_UNAVAILABLE);
    assertThat(probe("liveness").getStatusCode()).isEqualTo(HttpStatus.OK);

    authServer.putInService();

    await().atMost(10, SECONDS).until(() -> probe("readiness").getStatusCode() == HttpStatus.OK);
  }

  private ResponseEntity<String> probe(String name) {
    return http.getForEntity("/actuator/health/" + name, String.class);
  }
}
