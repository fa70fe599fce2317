package io.github.rpideploy.ssh.settings;

import io.github.rpideploy.DeployException;
import java.util.List;
import java.util.function.Consumer;
import org.apache.sshd.client.ClientBuilder;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.cipher.BuiltinCiphers;
import org.apache.sshd.common.kex.BuiltinDHFactories;
import org.apache.sshd.common.mac.BuiltinMacs;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.common.signature.Signature;

/**
 * The algorithms that the connection may use, best first; an empty list leaves the choice to MINA.
 *
 * @param ciphers {@code Ciphers}
 * @param macs {@code MACs}
 * @param keyExchange {@code KexAlgorithms}
 * @param hostKeys {@code HostKeyAlgorithms}
 * @param userKeys {@code PubkeyAcceptedAlgorithms}
 */
public record Algorithms(
    List<String> ciphers,
    List<String> macs,
    List<String> keyExchange,
    List<String> hostKeys,
    List<String> userKeys) {

  static final Algorithms ANY =
      new Algorithms(List.of(), List.of(), List.of(), List.of(), List.of());

  public Algorithms {
    ciphers = List.copyOf(ciphers);
    macs = List.copyOf(macs);
    keyExchange = List.copyOf(keyExchange);
    hostKeys = List.copyOf(hostKeys);
    userKeys = List.copyOf(userKeys);
  }

  /**
   * Restricts a client's ciphers, MACs and key exchange.
   *
   * @throws DeployException when MINA knows no algorithm of a list
   */
  public void applyTo(SshClient client) {
    restrict(
        "Ciphers",
        ciphers,
        BuiltinCiphers.parseCiphersList(ciphers).getParsedFactories(),
        known -> client.setCipherFactories(List.copyOf(known)));
    restrict(
        "MACs",
        macs,
        BuiltinMacs.parseMacsList(macs).getParsedFactories(),
        known -> client.setMacFactories(List.copyOf(known)));
    restrict(
        "KexAlgorithms",
        keyExchange,
        BuiltinDHFactories.parseDHFactoriesList(keyExchange).getParsedFactories(),
        known -> client.setKeyExchangeFactories(known.stream().map(ClientBuilder.DH2KEX).toList()));
  }

  /** The signatures of {@code all} that are allowed for host keys. */
  public List<NamedFactory<Signature>> forHostKeys(List<NamedFactory<Signature>> all) {
    return among("HostKeyAlgorithms", hostKeys, all);
  }

  /** The signatures of {@code all} that are allowed for the user's keys. */
  public List<NamedFactory<Signature>> forUserKeys(List<NamedFactory<Signature>> all) {
    return among("PubkeyAcceptedAlgorithms", userKeys, all);
  }

  private static List<NamedFactory<Signature>> among(
      String keyword, List<String> names, List<NamedFactory<Signature>> all) {
    if (names.isEmpty()) {
      return all;
    }
    List<NamedFactory<Signature>> left =
        BuiltinSignatures.parseSignatureList(names).getParsedFactories().stream()
            .map(factory -> (NamedFactory<Signature>) factory)
            .toList();
    if (left.isEmpty()) {
      throw none(keyword, names);
    }
    return left;
  }

  private static <T> void restrict(
      String keyword, List<String> names, List<T> known, Consumer<List<T>> setter) {
    if (names.isEmpty()) {
      return;
    }
    if (known.isEmpty()) {
      throw none(keyword, names);
    }
    setter.accept(known);
  }

  private static DeployException none(String keyword, List<String> names) {
    return new DeployException(
        "No algorithm in "
            + keyword
            + " of the SSH configuration is supported: "
            + String.join(",", names),
        "Allow more for this host in ~/.ssh/config, for example: " + keyword + " +…");
  }
}
