package com.example.pi.extension;

import com.nimbusds.jose.jwk.JWKSet;
import java.io.IOException;
import java.text.ParseException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Keeps this service out of readiness until auth-server has answered with its keys once.
 *
 * <p>Without a key no token can be checked, so a service that called itself ready earlier would
 * refuse every caller. It also makes the order of a deploy real: this service proves itself only
 * against an auth-server that works. It stays ready from then on; auth-server may restart, and the
 * JWT decoder fetches the new keys by itself.
 *
 * <p>The bean's name, {@code jwks}, is the name of its part in the readiness answer.
 */
@Component("jwks")
class JwksGate implements HealthIndicator, SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(JwksGate.class);
  private static final int TIMEOUT_MILLIS = 5_000;
  private static final int SIZE_LIMIT_BYTES = 100_000;

  private final ExtensionProperties properties;
  private volatile Health health = Health.down().withDetail("reason", "not asked yet").build();
  private volatile ScheduledExecutorService attempts;
  private int attempt;

  JwksGate(ExtensionProperties properties) {
    this.properties = properties;
  }

  @Override
  public Health health() {
    return health;
  }

  @Override
  public void start() {
    ScheduledExecutorService executor =
        Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "jwks"));
    attempts = executor;
    executor.scheduleWithFixedDelay(
        () -> attempt(executor), 0, properties.jwksRetry().toMillis(), TimeUnit.MILLISECONDS);
  }

  private void attempt(ScheduledExecutorService executor) {
    attempt++;
    try {
      int keys = fetch().size();
      log.info("JWKS attempt {}: {} key(s) from {}, ready", attempt, keys, properties.jwksUri());
      health = Health.up().withDetail("uri", properties.jwksUri()).withDetail("keys", keys).build();
      executor.shutdown();
    } catch (IOException | ParseException | RuntimeException e) {
      log.warn("JWKS attempt {}: {}: {}", attempt, properties.jwksUri(), e.toString());
      health =
          Health.down()
              .withDetail("uri", properties.jwksUri())
              .withDetail("attempts", attempt)
              .withDetail("reason", e.toString())
              .build();
    }
  }

  private JWKSet fetch() throws IOException, ParseException {
    JWKSet keys =
        JWKSet.load(properties.jwksUri().toURL(), TIMEOUT_MILLIS, TIMEOUT_MILLIS, SIZE_LIMIT_BYTES);
    if (keys.isEmpty()) {
      throw new IOException("the key set is empty");
    }
    return keys;
  }

  @Override
  public void stop() {
    attempts.shutdownNow();
    attempts = null;
  }

  @Override
  public boolean isRunning() {
    return attempts != null;
  }
}
