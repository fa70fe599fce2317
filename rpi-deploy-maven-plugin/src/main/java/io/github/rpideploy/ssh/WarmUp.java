package io.github.rpideploy.ssh;

import io.github.rpideploy.ssh.key.MinaSetup;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import javax.crypto.KeyAgreement;
import org.apache.sshd.client.SshClient;

/**
 * Loads what takes most of the time of a JVM's first handshake: classes and the JDK's cryptography.
 * Nothing is sent and nothing is asked.
 */
final class WarmUp {

  private WarmUp() {}

  static void run() {
    try {
      MinaSetup.ensure();
      SshClient client = SshClient.setUpDefaultClient();
      client.getRandomFactory().create().fill(new byte[32]);
      agreement();
      signature();
    } catch (GeneralSecurityException | RuntimeException e) {
      // The handshake will report it better.
    }
  }

  private static void agreement() throws GeneralSecurityException {
    KeyPairGenerator keys = KeyPairGenerator.getInstance("X25519");
    KeyAgreement agreement = KeyAgreement.getInstance("X25519");
    agreement.init(keys.generateKeyPair().getPrivate());
    agreement.doPhase(keys.generateKeyPair().getPublic(), true);
    agreement.generateSecret();
  }

  private static void signature() throws GeneralSecurityException {
    KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    Signature signature = Signature.getInstance("Ed25519");
    signature.initSign(pair.getPrivate());
    byte[] signed = signature.sign();
    signature.initVerify(pair.getPublic());
    signature.verify(signed);
  }
}
