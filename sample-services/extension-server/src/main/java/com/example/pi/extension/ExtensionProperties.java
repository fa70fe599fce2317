package com.example.pi.extension;

import java.net.URI;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The settings under {@code extension}.
 *
 * @param issuer the {@code iss} that a token must have: the {@code auth.issuer} of auth-server
 * @param jwksUri where auth-server publishes its keys, an absolute http or https URI
 * @param jwksRetry the pause between two attempts to fetch them, more than zero
 */
@ConfigurationProperties("extension")
record ExtensionProperties(URI issuer, URI jwksUri, Duration jwksRetry) {

  ExtensionProperties {
    requireAbsoluteHttp("extension.issuer", issuer);
    requireAbsoluteHttp("extension.jwks-uri", jwksUri);
    if (jwksRetry == null || jwksRetry.isZero() || jwksRetry.isNegative()) {
      throw new IllegalArgumentException(
          "extension.jwks-retry must be a positive duration such as 2s, but is \"%s\""
              .formatted(jwksRetry));
    }
  }

  private static void requireAbsoluteHttp(String name, URI uri) {
    if (uri == null
        || uri.getHost() == null
        || !("http".equalsIgnoreCase(uri.getScheme())
            || "https".equalsIgnoreCase(uri.getScheme()))) {
      throw new IllegalArgumentException(
          "%s must be an absolute http or https URI such as http://auth-server:8081, but is \"%s\""
              .formatted(name, uri));
    }
  }
}
