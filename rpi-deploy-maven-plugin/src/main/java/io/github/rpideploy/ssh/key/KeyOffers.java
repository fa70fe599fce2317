package io.github.rpideploy.ssh.key;

import io.github.rpideploy.ssh.settings.Login;
import io.github.rpideploy.ssh.settings.Secret;
import io.github.rpideploy.ssh.settings.SecretPrompt;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.sshd.client.auth.pubkey.KeyAgentIdentity;
import org.apache.sshd.client.auth.pubkey.KeyPairIdentity;
import org.apache.sshd.client.auth.pubkey.PublicKeyIdentity;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.apache.sshd.common.session.SessionContext;
import org.apache.sshd.common.signature.SignatureFactoriesManager;
import org.jspecify.annotations.Nullable;

/**
 * The keys that are offered, in this order: the text, the configured files, the agent's other keys,
 * the default files. A server ends the connection after a few, so configured keys come first. MINA
 * closes this at the end, and with it the connection to the agent.
 */
public final class KeyOffers implements Iterator<PublicKeyIdentity>, Closeable {

  /** As many tries as OpenSSH gives for a passphrase. */
  private static final int PASSPHRASES = 3;

  /** What the offers are made of. */
  public record Source(
      Login login, Identities identities, SecretPrompt prompt, AuthenticationLog attempts) {}

  /** A key that can sign, and where it comes from. */
  private record Offer(PublicKeyIdentity identity, PublicKey key, String source) {}

  /** For a certificate, an agent names the algorithm of its key; the server expects ours. */
  private static final class OfAgent extends KeyAgentIdentity {

    OfAgent(AgentSocket agent, PublicKey key, String comment) {
      super(agent, key, comment);
    }

    @Override
    public Map.Entry<String, byte[]> sign(SessionContext session, String algorithm, byte[] data)
        throws Exception {
      Map.Entry<String, byte[]> signature = super.sign(session, algorithm, data);
      return getKeyIdentity().getPublic() instanceof OpenSshCertificate
          ? Map.entry(algorithm, signature.getValue())
          : signature;
    }
  }

  private final Source source;
  private final ClientSession session;
  private final SignatureFactoriesManager factories;
  private final Iterator<Offer> offers;
  private final Set<SshKey> offered = new HashSet<>();
  private @Nullable AgentSocket agent;
  private @Nullable List<Map.Entry<PublicKey, String>> agentKeys;
  private @Nullable Offer next;

  KeyOffers(Source source, ClientSession session, SignatureFactoriesManager factories) {
    this.source = source;
    this.session = session;
    this.factories = factories;
    Identities keys = source.identities();
    keys.unusable().forEach(source.attempts()::note);
    // Suppliers: the agent and the user are asked only when nothing before was accepted.
    Stream<Supplier<Stream<Offer>>> sources =
        Stream.of(
            () -> offers(keys.fromText()),
            () -> offers(keys.named()),
            this::offersOfAgent,
            () -> offers(keys.usual()));
    this.offers = sources.flatMap(Supplier::get).iterator();
  }

  @Override
  public boolean hasNext() {
    while (next == null && offers.hasNext()) {
      Offer offer = offers.next();
      SshKey key = SshKey.of(offer.key());
      if (offered.add(key)) {
        next = offer;
        source.attempts().offering(key.toString(), offer.source());
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

  private Stream<Offer> offers(List<Identity> identities) {
    return identities.stream().flatMap(this::offers);
  }

  private Stream<Offer> offers(Identity identity) {
    if (identity.keys().isPresent()) {
      return ofKeys(identity.keys().get(), identity);
    }
    List<Offer> held =
        agentKeys().stream()
            .filter(key -> identity.is(plain(key.getKey())))
            .map(this::ofAgent)
            .toList();
    if (!held.isEmpty()) {
      return held.stream();
    }
    return identity.locked().map(file -> unlocked(file, identity)).orElse(Stream.empty());
  }

  /** Certificates first: a server that trusts their authority may not know the key. */
  private Stream<Offer> ofKeys(KeyPair keys, Identity identity) {
    Stream<Offer> certified =
        identity.certificates().stream()
            .map(
                certificate ->
                    offer(
                        new KeyPair(certificate.certificate(), keys.getPrivate()),
                        certificate.source()));
    return Stream.concat(certified, Stream.of(offer(keys, identity.source())));
  }

  private Offer offer(KeyPair keys, String from) {
    return new Offer(new KeyPairIdentity(factories, session, keys), keys.getPublic(), from);
  }

  private Stream<Offer> unlocked(Path file, Identity identity) {
    for (int i = 0; i < PASSPHRASES; i++) {
      Optional<String> answer = source.prompt().ask("Passphrase of " + file);
      if (answer.isEmpty()) {
        break;
      }
      try {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        List<Offer> keys = new ArrayList<>();
        for (KeyPair pair :
            KeyText.parse(
                text, file.toString(), Optional.of(new Secret(answer.get(), "that passphrase")))) {
          ofKeys(pair, identity).forEach(keys::add);
        }
        return keys.stream();
      } catch (UnusableKeyException | IOException e) {
        source.attempts().note(file + " " + e.getMessage());
      }
    }
    return Stream.empty();
  }

  private Stream<Offer> offersOfAgent() {
    return source.login().namedOnly() ? Stream.empty() : agentKeys().stream().map(this::ofAgent);
  }

  private Offer ofAgent(Map.Entry<PublicKey, String> key) {
    if (agent == null) {
      throw new IllegalStateException("there is no agent, but a key of it");
    }
    return new Offer(
        new OfAgent(agent, key.getKey(), key.getValue()),
        key.getKey(),
        "the ssh-agent (" + key.getValue() + ")");
  }

  /** The keys in the agent, which is asked once. */
  private List<Map.Entry<PublicKey, String>> agentKeys() {
    List<Map.Entry<PublicKey, String>> known = agentKeys;
    if (known == null) {
      known = source.login().agent().map(this::askAgent).orElse(List.of());
      agentKeys = known;
    }
    return known;
  }

  private List<Map.Entry<PublicKey, String>> askAgent(Path socket) {
    try {
      AgentSocket opened = AgentSocket.open(socket);
      agent = opened;
      List<Map.Entry<PublicKey, String>> keys = new ArrayList<>();
      opened.getIdentities().forEach(key -> keys.add(Map.entry(key.getKey(), key.getValue())));
      if (keys.isEmpty()) {
        source.attempts().note("the ssh-agent at " + socket + ", which holds no key");
      }
      return keys;
    } catch (IOException | UnsupportedOperationException e) {
      source
          .attempts()
          .note("the ssh-agent at " + socket + ", which does not answer: " + e.getMessage());
      return List.of();
    }
  }

  private static PublicKey plain(PublicKey key) {
    return key instanceof OpenSshCertificate certificate ? certificate.getCertPubKey() : key;
  }
}
