package com.example.pi.extension;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.client.TestRestTemplate;
import org.springframework.http.HttpStatus;
import org.springframework.http.RequestEntity;
import org.springframework.http.ResponseEntity;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class ExtensionTest {

  static final FakeAuthServer authServer = FakeAuthServer.start(true);

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
  void aGoodTokenIsAccepted() {
    ResponseEntity<Map<String, String>> answer = call(authServer.token());

    assertThat(answer.getStatusCode()).isEqualTo(HttpStatus.OK);
    assertThat(answer.getBody())
        .containsOnlyKeys("subject", "service", "version", "message")
        .containsEntry("subject", "demo")
        .containsEntry("service", "extension-server");
    assertThat(answer.getBody().get("version")).isNotBlank();
  }

  @Test
  void aCallerWithoutATokenIsRefused() {
    assertThat(http.getForEntity("/extension", String.class).getStatusCode())
        .isEqualTo(HttpStatus.UNAUTHORIZED);
  }

  @Test
  void aTokenThatAnotherKeySignedIsRefused() {
    assertThat(call(authServer.forgedToken()).getStatusCode()).isEqualTo(HttpStatus.UNAUTHORIZED);
  }

  @Test
  void anExpiredTokenIsRefused() {
    assertThat(call(authServer.expiredToken()).getStatusCode()).isEqualTo(HttpStatus.UNAUTHORIZED);
  }

  @Test
  void aTokenOfAnotherIssuerIsRefused() {
    assertThat(call(authServer.tokenOfIssuer("http://stranger:8081")).getStatusCode())
        .isEqualTo(HttpStatus.UNAUTHORIZED);
  }

  @Test
  void theNewKeyOfARestartedAuthServerIsAccepted() {
    String before = authServer.token();
    assertThat(call(before).getStatusCode()).isEqualTo(HttpStatus.OK);

    authServer.changeKey();

    assertThat(call(authServer.token()).getStatusCode()).isEqualTo(HttpStatus.OK);
    assertThat(call(before).getStatusCode()).isEqualTo(HttpStatus.UNAUTHORIZED);
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private ResponseEntity<Map<String, String>> call(String token) {
    RequestEntity<Void> request =
        RequestEntity.get("/extension").headers(headers -> headers.setBearerAuth(token)).build();
    return (ResponseEntity) http.exchange(request, Map.class);
  }
}
