package io.github.rpideploy.ssh;

import io.github.rpideploy.ssh.Identities.Identity;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.sshd.client.auth.pubkey.KeyAgentIdentity;
import org.apache.sshd.client.auth.pubkey.KeyPairIdentity;
import org.apache.sshd.client.auth.pubkey.PublicKeyIdentity;
import org.apache.sshd.client.auth.pubkey.UserAuthPublicKey;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.signature.SignatureFactoriesManager;
import org.jspecify.annotations.Nullable;

/**
 * MINA's public-key authentication with our keys in our order, each noted before it is offered.
 * MINA by itself asks the agent first and cannot say later what it tried.
 */
final class KeyAuthentication extends UserAuthPublicKey {

  private final Identities identities;
  private final AuthenticationLog attempts;

  KeyAuthentication(Identities identities, AuthenticationLog attempts) {
    super(null);
    this.identities = identities;
    this.attempts = attempts;
  }

  @Override
  protected Iterator<PublicKeyIdentity> createPublicKeyIterator(
      ClientSession session, SignatureFactoriesManager factories) {
    return new Offers(session, factories);
  }

  /** A key that can sign, and where it is from. */
  private record Offer(PublicKeyIdentity identity, PublicKey key, String source) {}

  /** One after the other; MINA closes it at the end, and so the agent. */
  private final class Offers implements Iterator<PublicKeyIdentity>, Closeable {

    private final Iterator<Offer> offers;
    private final Set<SshKey> offered = new HashSet<>();
    private @Nullable AgentSocket agent;
    private @Nullable Offer next;

    Offers(ClientSession session, SignatureFactoriesManager factories) {
      // Suppliers, so that the agent is asked only after the key given as text was refused.
      Stream<Supplier<Stream<Offer>>> sources =
          Stream.of(
              () -> offers(session, factories, identities.fromText()),
              this::offersOfAgent,
              () -> offers(session, factories, identities.fromFiles()));
      offers = sources.flatMap(Supplier::get).iterator();
      identities.unusable().forEach(attempts::note);
    }

    @Override
    public boolean hasNext() {
      while (next == null && offers.hasNext()) {
        Offer offer = offers.next();
        SshKey key = SshKey.of(offer.key());
        if (offered.add(key)) {
          next = offer;
          attempts.offering(key, offer.source());
        }
      }
      return next != null;
    }

    @Override
    public PublicKeyIdentity next() {
      if (!hasNext() || next == null) {
        throw new NoSuchElementException();
      }
      PublicKeyIdentity identity = next.identity();
      next = null;
      return identity;
    }

    @Override
    public void close() throws IOException {
      if (agent != null) {
        agent.close();
      }
    }

    private Stream<Offer> offers(
        ClientSession session, SignatureFactoriesManager factories, List<Identity> keys) {
      return keys.stream()
          .map(
              id ->
                  new Offer(
                      new KeyPairIdentity(factories, session, id.keys()),
                      id.keys().getPublic(),
                      id.source()));
    }

    private Stream<Offer> offersOfAgent() {
      if (identities.agentSocket().isEmpty()) {
        return Stream.empty();
      }
      Path socket = identities.agentSocket().get();
      try {
        AgentSocket opened = AgentSocket.open(socket);
        agent = opened;
        List<Offer> keys =
            StreamSupport.stream(opened.getIdentities().spliterator(), false)
                .map(key -> ofAgent(opened, key))
                .toList();
        if (keys.isEmpty()) {
          attempts.note("the ssh-agent at " + socket + ", which holds no key");
        }
        return keys.stream();
      } catch (IOException | UnsupportedOperationException e) {
        attempts.note("the ssh-agent at " + socket + ", which does not answer: " + e.getMessage());
        return Stream.empty();
      }
    }

    private Offer ofAgent(AgentSocket opened, Map.Entry<PublicKey, String> key) {
      return new Offer(
          new KeyAgentIdentity(opened, key.getKey(), key.getValue()),
          key.getKey(),
          "the ssh-agent (" + key.getValue() + ")");
    }
  }
}
