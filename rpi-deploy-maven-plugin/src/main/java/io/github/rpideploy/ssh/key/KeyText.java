package io.github.rpideploy.ssh.key;

import io.github.rpideploy.ssh.settings.Secret;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.util.security.SecurityUtils;

/** The private keys in a text in the format of OpenSSH, PEM or PKCS#8, encrypted or not. */
final class KeyText {

  private KeyText() {}

  /**
   * @param source where the text comes from, for messages
   * @throws UnusableKeyException when there is no key, or the passphrase does not open it
   */
  static List<KeyPair> parse(String text, String source, Optional<Secret> passphrase)
      throws UnusableKeyException {
    MinaSetup.ensure();
    if (text.contains(EncryptedPkcs8.BEGIN)) {
      return parse(EncryptedPkcs8.open(text, passphrase), source, Optional.empty());
    }
    boolean[] asked = new boolean[1];
    try (ByteArrayInputStream in =
        new ByteArrayInputStream(text.strip().getBytes(StandardCharsets.ISO_8859_1))) {
      FilePasswordProvider answer =
          (session, resource, attempt) -> {
            asked[0] = true;
            return passphrase.map(Secret::value).orElse(null);
          };
      Iterable<KeyPair> found =
          SecurityUtils.loadKeyPairIdentities(null, NamedResource.ofName(source), in, answer);
      List<KeyPair> keys = new ArrayList<>();
      if (found != null) {
        found.forEach(keys::add);
      }
      if (!keys.isEmpty()) {
        return keys;
      }
    } catch (IOException | GeneralSecurityException | RuntimeException unreadable) {
      // Its message may quote the key, so it is not shown.
    }
    if (asked[0] || text.contains("Proc-Type: 4,ENCRYPTED")) {
      throw UnusableKeyException.locked(passphrase);
    }
    throw UnusableKeyException.noKey();
  }
}
