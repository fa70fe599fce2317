package io.github.rpideploy.ssh.key;

import io.github.rpideploy.ssh.settings.Secret;
import java.util.Optional;

/** Why a text gives no private key. The reason is for messages: it contains nothing of the key. */
final class UnusableKeyException extends Exception {

  private static final long serialVersionUID = 1L;

  private final boolean locked;

  private UnusableKeyException(String reason, boolean locked) {
    super(reason);
    this.locked = locked;
  }

  static UnusableKeyException noKey() {
    return new UnusableKeyException(
        "holds no private key in the format of OpenSSH, PEM or PKCS#8", false);
  }

  /** The passphrase is wrong or missing. */
  static UnusableKeyException locked(Optional<Secret> passphrase) {
    return passphrase
        .map(wrong -> new UnusableKeyException("is not opened by " + wrong.source(), true))
        .orElseGet(() -> new UnusableKeyException("is encrypted with a passphrase", true));
  }

  /** Whether a passphrase is what is missing. */
  boolean isLocked() {
    return locked;
  }
}
