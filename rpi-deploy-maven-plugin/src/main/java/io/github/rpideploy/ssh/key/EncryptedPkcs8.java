package io.github.rpideploy.ssh.key;

import io.github.rpideploy.ssh.settings.Secret;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** An encrypted PKCS#8 key ({@code ssh-keygen -m PKCS8}), which the JDK reads and MINA does not. */
final class EncryptedPkcs8 {

  static final String BEGIN = "-----BEGIN ENCRYPTED PRIVATE KEY-----";
  private static final String END = "-----END ENCRYPTED PRIVATE KEY-----";

  private EncryptedPkcs8() {}

  /** The same key as an unencrypted PKCS#8 text. */
  static String open(String text, Optional<Secret> passphrase) throws UnusableKeyException {
    if (passphrase.isEmpty()) {
      throw UnusableKeyException.locked(passphrase);
    }
    try {
      int start = text.indexOf(BEGIN) + BEGIN.length();
      byte[] der = Base64.getMimeDecoder().decode(text.substring(start, text.indexOf(END, start)));
      EncryptedPrivateKeyInfo key = new EncryptedPrivateKeyInfo(der);
      // The text of its parameters is the name that the JDK knows the scheme by.
      String scheme = key.getAlgParameters().toString();
      Cipher cipher = Cipher.getInstance(scheme);
      cipher.init(
          Cipher.DECRYPT_MODE,
          SecretKeyFactory.getInstance(scheme)
              .generateSecret(new PBEKeySpec(passphrase.get().value().toCharArray())),
          key.getAlgParameters());
      byte[] open = key.getKeySpec(cipher).getEncoded();
      return "-----BEGIN PRIVATE KEY-----\n"
          + Base64.getMimeEncoder().encodeToString(open)
          + "\n-----END PRIVATE KEY-----\n";
    } catch (IOException | GeneralSecurityException | RuntimeException wrong) {
      // Its message may quote the key, so it is not shown.
      throw UnusableKeyException.locked(passphrase);
    }
  }
}
