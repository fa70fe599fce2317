package com.example.pi.extension;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;

/** Publishes a key over HTTP and signs tokens with it; can be out of service. */
final class FakeAuthServer implements AutoCloseable {

  static final String ISSUER = "http://auth-server:8081";

  private final HttpServer server;
  private volatile boolean inService;
  private volatile RSAKey key = newKey();

  private FakeAuthServer(HttpServer server, boolean inService) {
    this.server = server;
    this.inService = inService;
  }

  static FakeAuthServer start(boolean inService) {
    try {
      InetAddress loopback = InetAddress.getLoopbackAddress();
      HttpServer server = HttpServer.create(new InetSocketAddress(loopback, 0), 0);
      FakeAuthServer fake = new FakeAuthServer(server, inService);
      server.createContext("/.well-known/jwks.json", fake::answer);
      server.start();
      return fake;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String jwksUri() {
    return "http://localhost:" + server.getAddress().getPort() + "/.well-known/jwks.json";
  }

  void putInService() {
    inService = true;
  }

  /** What a restart of auth-server does. */
  void changeKey() {
    key = newKey();
  }

  String token() {
    return token(key, ISSUER, Duration.ofMinutes(10));
  }

  String tokenOfIssuer(String issuer) {
    return token(key, issuer, Duration.ofMinutes(10));
  }

  String expiredToken() {
    return token(key, ISSUER, Duration.ofMinutes(-10));
  }

  /** Signed by a stranger who claims to be this server, down to the ID of the key. */
  String forgedToken() {
    RSAKey forged = new RSAKey.Builder(newKey()).keyID(key.getKeyID()).build();
    return token(forged, ISSUER, Duration.ofMinutes(10));
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = new JWKSet(key.toPublicJWK()).toString().getBytes(UTF_8);
      exchange.getResponseHeaders().add("Content-Type", "application/json");
      exchange.sendResponseHeaders(inService ? 200 : 503, inService ? body.length : -1);
      if (inService) {
        exchange.getResponseBody().write(body);
      }
    }
  }

  private static RSAKey newKey() {
    try {
      return new RSAKeyGenerator(2048)
          .keyUse(KeyUse.SIGNATURE)
          .algorithm(JWSAlgorithm.RS256)
          .keyIDFromThumbprint(true)
          .generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String token(RSAKey key, String issuer, Duration lifetime) {
    JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build();
    JWTClaimsSet claims =
        new JWTClaimsSet.Builder()
            .issuer(issuer)
            .subject("demo")
            .expirationTime(Date.from(Instant.now().plus(lifetime)))
            .build();
    SignedJWT token = new SignedJWT(header, claims);
    try {
      token.sign(new RSASSASigner(key));
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
    return token.serialize();
  }
}
