package com.example.pi.auth;

import com.nimbusds.jose.jwk.JWKSet;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Publishes the public half of the signing key (RFC 7517). */
@RestController
class JwksController {

  private final ObjectProvider<JWKSet> signingKeys;

  /**
   * @param signingKeys not asked for at once, because they are still in the making
   */
  JwksController(ObjectProvider<JWKSet> signingKeys) {
    this.signingKeys = signingKeys;
  }

  @GetMapping("/.well-known/jwks.json")
  Map<String, Object> jwks() {
    // toJSONObject() leaves out the private parameters unless told otherwise.
    return signingKeys.getObject().toJSONObject();
  }
}
