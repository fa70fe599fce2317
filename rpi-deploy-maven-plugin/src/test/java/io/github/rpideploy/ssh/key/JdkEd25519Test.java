package io.github.rpideploy.ssh.key;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.ssh.Keys;
import java.security.KeyPair;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.EdECPublicKey;
import java.util.HexFormat;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JdkEd25519Test {

  private final JdkEd25519 ed25519 = new JdkEd25519();

  /** RFC 8032, 7.1: secret and public keys of tests 1 to 3. */
  @ParameterizedTest
  @CsvSource({
    "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60,"
        + "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb,"
        + "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
    "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7,"
        + "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025"
  })
  void a_public_key_follows_from_its_secret_as_in_the_rfc(String secret, String expected)
      throws Exception {
    EdECPrivateKey key = ed25519.generateEDDSAPrivateKey(HexFormat.of().parseHex(secret));
    EdECPublicKey recovered = ed25519.recoverEDDSAPublicKey(key);
    assertThat(HexFormat.of().formatHex(ed25519.getPublicKeyData(recovered))).isEqualTo(expected);
  }

  @RepeatedTest(50)
  void every_key_survives_its_encoding() throws Exception {
    KeyPair keys = Keys.ed25519();
    byte[] raw = ed25519.getPublicKeyData((EdECPublicKey) keys.getPublic());
    EdECPublicKey decoded = ed25519.generateEDDSAPublicKey(raw);
    assertThat(raw).hasSize(32);
    assertThat(ed25519.getPublicKeyData(decoded)).isEqualTo(raw);
    assertThat(ed25519.compareEDDSAPPublicKeys(decoded, keys.getPublic())).isTrue();
    assertThat(ed25519.recoverEDDSAPublicKey(keys.getPrivate())).isEqualTo(keys.getPublic());
  }

  /** y = 1, whose big-endian form is one byte long. */
  @Test
  void a_short_coordinate_is_padded() throws Exception {
    byte[] raw = new byte[32];
    raw[0] = 1;
    assertThat(ed25519.getPublicKeyData(ed25519.generateEDDSAPublicKey(raw))).isEqualTo(raw);
  }
}
