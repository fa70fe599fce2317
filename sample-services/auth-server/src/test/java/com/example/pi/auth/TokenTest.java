package com.example.pi.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.springframework.http.MediaType.APPLICATION_FORM_URLENCODED;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.client.TestRestTemplate;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.HttpStatus;
import org.springframework.http.RequestEntity;
import org.springframework.http.ResponseEntity;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class TokenTest {

  @Autowired TestRestTemplate http;
  @LocalServerPort int port;

  @Test
  void aTokenIsVerifiedByThePublishedKeys() {
    ResponseEntity<Map<String, Object>> answer =
        token(http, Map.of("client_id", "demo", "client_secret", "demo-secret"));

    assertThat(answer.getStatusCode()).isEqualTo(HttpStatus.OK);
    assertThat(answer.getHeaders().getCacheControl()).isEqualTo("no-store");
    assertThat(answer.getBody())
        .containsEntry("token_type", "Bearer")
        .containsEntry("expires_in", 600);
    Jwt token = decoder().decode((String) answer.getBody().get("access_token"));
    assertThat(token.getSubject()).isEqualTo("demo");
    assertThat(token.getClaimAsString("iss")).isEqualTo("http://auth-server:8081");
    assertThat(Duration.between(token.getIssuedAt(), token.getExpiresAt()))
        .isEqualTo(Duration.ofMinutes(10));
    assertThat(token.getHeaders()).containsEntry("kid", publishedKey().get("kid"));
  }

  @Test
  void aClientMayUseBasicAuthentication() {
    ResponseEntity<Map<String, Object>> answer =
        token(http.withBasicAuth("demo", "demo-secret"), Map.of());

    assertThat(answer.getStatusCode()).isEqualTo(HttpStatus.OK);
  }

  @Test
  void aWrongSecretGetsNoToken() {
    assertThat(token(http, Map.of("client_id", "demo", "client_secret", "guess")).getBody())
        .isEqualTo(Map.of("error", "invalid_client"));
    assertThat(token(http, Map.of()).getBody()).isEqualTo(Map.of("error", "invalid_client"));
  }

  @Test
  void anotherGrantIsRefused() {
    ResponseEntity<Map<String, Object>> answer =
        token(
            http,
            Map.of("client_id", "demo", "client_secret", "demo-secret", "grant_type", "password"));

    assertThat(answer.getStatusCode()).isEqualTo(HttpStatus.BAD_REQUEST);
    assertThat(answer.getBody()).isEqualTo(Map.of("error", "unsupported_grant_type"));
  }

  @Test
  void aChangedTokenIsNotVerified() {
    String token =
        (String)
            token(http, Map.of("client_id", "demo", "client_secret", "demo-secret"))
                .getBody()
                .get("access_token");
    int signature = token.lastIndexOf('.') + 1;
    char other = token.charAt(signature) == 'A' ? 'B' : 'A';
    String changed = token.substring(0, signature) + other + token.substring(signature + 1);

    assertThatThrownBy(() -> decoder().decode(changed)).isInstanceOf(BadJwtException.class);
  }

  @Test
  void onlyThePublicHalfOfTheKeyIsPublished() {
    assertThat(publishedKey()).containsOnlyKeys("kty", "e", "use", "kid", "alg", "n");
  }

  @Test
  void theServiceIsLiveAndReady() {
    for (String probe : List.of("liveness", "readiness")) {
      ResponseEntity<String> answer = http.getForEntity("/actuator/health/" + probe, String.class);
      assertThat(answer.getStatusCode()).isEqualTo(HttpStatus.OK);
      assertThat(answer.getBody()).isEqualTo("{\"status\":\"UP\"}");
    }
  }

  private NimbusJwtDecoder decoder() {
    String keys = "http://localhost:" + port + "/.well-known/jwks.json";
    return NimbusJwtDecoder.withJwkSetUri(keys).build();
  }

  @SuppressWarnings("unchecked")
  private Map<String, Object> publishedKey() {
    Map<String, Object> keys = http.getForObject("/.well-known/jwks.json", Map.class);
    return ((List<Map<String, Object>>) keys.get("keys")).get(0);
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static ResponseEntity<Map<String, Object>> token(
      TestRestTemplate http, Map<String, String> fields) {
    MultiValueMap<String, String> form = new LinkedMultiValueMap<>();
    form.add("grant_type", "client_credentials");
    fields.forEach(form::set);
    RequestEntity<?> request =
        RequestEntity.post("/token").contentType(APPLICATION_FORM_URLENCODED).body(form);
    return (ResponseEntity) http.exchange(request, Map.class);
  }
}
