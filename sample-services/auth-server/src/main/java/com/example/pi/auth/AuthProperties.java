package com.example.pi.auth;

import java.net.URI;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The settings under {@code auth}. A value that cannot work stops the start with a message that
 * names it; the checks are written out because a validation framework would be the slowest part of
 * the start on a small machine.
 *
 * @param issuer the {@code iss} of every token, an absolute http or https URI
 * @param tokenLifetime how long a token is good, more than zero
 * @param client the one client that may ask for tokens
 */
@ConfigurationProperties("auth")
record AuthProperties(URI issuer, Duration tokenLifetime, Client client) {

  AuthProperties {
    if (issuer == null || !isAbsoluteHttp(issuer)) {
      throw new IllegalArgumentException(
          "auth.issuer must be an absolute http or https URI such as http://auth-server:8081, but is \"%s\""
              .formatted(issuer));
    }
    if (tokenLifetime == null || tokenLifetime.isZero() || tokenLifetime.isNegative()) {
      throw new IllegalArgumentException(
          "auth.token-lifetime must be a positive duration such as 10m, but is \"%s\""
              .formatted(tokenLifetime));
    }
    if (client == null) {
      throw new IllegalArgumentException("auth.client.id and auth.client.secret must be set");
    }
  }

  private static boolean isAbsoluteHttp(URI uri) {
    return uri.getHost() != null
        && ("http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme()));
  }

  /** A client of the client credentials grant (RFC 6749, section 4.4). */
  record Client(String id, String secret) {

    Client {
      if (id == null || id.isBlank() || secret == null || secret.isBlank()) {
        throw new IllegalArgumentException("auth.client.id and auth.client.secret must be set");
      }
    }

    /** The secret stays out of logs and failure reports. */
    @Override
    public String toString() {
      return "Client[id=" + id + "]";
    }
  }
}
