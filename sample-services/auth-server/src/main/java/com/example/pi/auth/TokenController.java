package com.example.pi.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.example.pi.auth.AuthProperties.Client;
import java.security.MessageDigest;
import java.util.Map;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * The token endpoint for the client credentials grant (RFC 6749, section 4.4). The client names
 * itself by HTTP Basic authentication, or by {@code client_id} and {@code client_secret} in the
 * form.
 */
@RestController
class TokenController {

  private final Client client;
  private final TokenIssuer issuer;

  TokenController(AuthProperties properties, TokenIssuer issuer) {
    this.client = properties.client();
    this.issuer = issuer;
  }

  @PostMapping("/token")
  ResponseEntity<?> token(
      @RequestHeader(name = HttpHeaders.AUTHORIZATION, required = false) String authorization,
      @RequestParam(name = "grant_type", required = false) String grantType,
      @RequestParam(name = "client_id", defaultValue = "") String id,
      @RequestParam(name = "client_secret", defaultValue = "") String secret) {
    String basic = "Basic " + HttpHeaders.encodeBasicAuth(client.id(), client.secret(), UTF_8);
    boolean known =
        authorization != null
            ? same(basic, authorization)
            : same(client.id(), id) & same(client.secret(), secret);
    if (!known) {
      return ResponseEntity.status(HttpStatus.UNAUTHORIZED)
          .header(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"token\"")
          .body(Map.of("error", "invalid_client"));
    }
    if (!"client_credentials".equals(grantType)) {
      String error = grantType == null ? "invalid_request" : "unsupported_grant_type";
      return ResponseEntity.badRequest().body(Map.of("error", error));
    }
    return ResponseEntity.ok()
        .cacheControl(CacheControl.noStore())
        .body(issuer.issueFor(client.id()));
  }

  /** Takes the same time wherever the first difference is. */
  private static boolean same(String expected, String actual) {
    return MessageDigest.isEqual(expected.getBytes(UTF_8), actual.getBytes(UTF_8));
  }
}
