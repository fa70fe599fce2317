package io.github.rpideploy.ssh.key;

import java.util.Iterator;
import java.util.List;
import org.apache.sshd.client.auth.pubkey.PublicKeyIdentity;
import org.apache.sshd.client.auth.pubkey.UserAuthPublicKey;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.signature.Signature;
import org.apache.sshd.common.signature.SignatureFactoriesManager;

/**
 * MINA's public-key authentication with our keys in our order, each recorded before it is offered.
 * MINA by itself asks the agent first and cannot say later what it tried.
 */
public final class KeyAuthentication extends UserAuthPublicKey {

  private final KeyOffers.Source source;

  /**
   * @param algorithms for signing; those of the session are for host keys
   */
  public KeyAuthentication(KeyOffers.Source source, List<NamedFactory<Signature>> algorithms) {
    super(algorithms);
    this.source = source;
  }

  @Override
  protected Iterator<PublicKeyIdentity> createPublicKeyIterator(
      ClientSession session, SignatureFactoriesManager factories) {
    return new KeyOffers(source, session, this);
  }
}
