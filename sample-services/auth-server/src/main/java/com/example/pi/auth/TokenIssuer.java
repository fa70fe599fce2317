package com.example.pi.auth;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.JwsHeader;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtEncoder;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.springframework.stereotype.Component;

/** Writes and signs a token. */
@Component
class TokenIssuer {

  private final AuthProperties properties;
  private final JwtEncoder encoder;
  private final Clock clock = Clock.systemUTC();

  TokenIssuer(AuthProperties properties, JwtEncoder encoder) {
    this.properties = properties;
    this.encoder = encoder;
  }

  AccessToken issueFor(String subject) {
    Instant now = clock.instant();
    JwtClaimsSet claims =
        JwtClaimsSet.builder()
            .id(UUID.randomUUID().toString())
            .issuer(properties.issuer().toString())
            .subject(subject)
            .issuedAt(now)
            .expiresAt(now.plus(properties.tokenLifetime()))
            .build();
    JwsHeader header = JwsHeader.with(SignatureAlgorithm.RS256).build();
    String token = encoder.encode(JwtEncoderParameters.from(header, claims)).getTokenValue();
    return new AccessToken(token, "Bearer", properties.tokenLifetime().toSeconds());
  }

  /** The answer of the token endpoint (RFC 6749, section 5.1); {@code expiresIn} is in seconds. */
  record AccessToken(
      @JsonProperty("access_token") String accessToken,
      @JsonProperty("token_type") String tokenType,
      @JsonProperty("expires_in") long expiresIn) {}
}
