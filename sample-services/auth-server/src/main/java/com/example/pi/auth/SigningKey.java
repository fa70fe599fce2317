package com.example.pi.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Bean.Bootstrap;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.oauth2.jwt.JwtEncoder;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;

/**
 * The RSA key that signs the tokens.
 *
 * <p>It is made at every start and lives in memory only: no secret has to be kept on the Pi. The
 * price is that a restart ends all tokens. Its key ID is the thumbprint of the key (RFC 7638), so
 * it stays the same for as long as the key does, and a resource server that meets a new key ID
 * knows that it has to fetch the keys again.
 *
 * <p>To find two large primes takes a Pi seconds, so it is done in the background while the rest of
 * the context starts; the context, and with it readiness, waits for it at the end.
 */
@Configuration(proxyBeanMethods = false)
class SigningKey {

  @Bean(bootstrap = Bootstrap.BACKGROUND)
  JWKSet signingKeys() throws JOSEException {
    RSAKey key =
        new RSAKeyGenerator(2048)
            .keyUse(KeyUse.SIGNATURE)
            .algorithm(JWSAlgorithm.RS256)
            .keyIDFromThumbprint(true)
            .generate();
    return new JWKSet(key);
  }

  @Bean
  JwtEncoder jwtEncoder(ObjectProvider<JWKSet> signingKeys) {
    JWKSource<SecurityContext> keys =
        (selector, context) -> selector.select(signingKeys.getObject());
    return new NimbusJwtEncoder(keys);
  }
}
