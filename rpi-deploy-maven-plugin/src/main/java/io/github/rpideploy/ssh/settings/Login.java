package io.github.rpideploy.ssh.settings;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What to authenticate with, as ssh_config(5) means it. Keys are tried in this order: the text, the
 * named files, the agent's other keys, the usual files.
 *
 * @param text a private key as text
 * @param named key files that are configured; the agent may have their private part
 * @param usual key files in the places where OpenSSH looks by default
 * @param certificates certificate files for those keys, besides each key's own {@code -cert.pub}
 * @param agent where an ssh-agent listens
 * @param namedOnly whether the agent is asked for keys of those files only: {@code IdentitiesOnly}
 * @param passphrase decrypts keys
 * @param password for the server, tried after every key
 */
public record Login(
    Optional<Secret> text,
    List<Path> named,
    List<Path> usual,
    List<Path> certificates,
    Optional<Path> agent,
    boolean namedOnly,
    Optional<Secret> passphrase,
    Optional<Secret> password) {

  public static final Login NOTHING =
      new Login(
          Optional.empty(),
          List.of(),
          List.of(),
          List.of(),
          Optional.empty(),
          false,
          Optional.empty(),
          Optional.empty());

  public Login {
    named = List.copyOf(named);
    usual = List.copyOf(usual);
    certificates = List.copyOf(certificates);
  }

  public Login withText(Optional<Secret> other) {
    return new Login(other, named, usual, certificates, agent, namedOnly, passphrase, password);
  }

  Login withNamed(List<Path> others) {
    return new Login(text, others, usual, certificates, agent, namedOnly, passphrase, password);
  }

  Login withAgent(Optional<Path> other) {
    return new Login(text, named, usual, certificates, other, namedOnly, passphrase, password);
  }

  Login withPassphrase(Optional<Secret> other) {
    return new Login(text, named, usual, certificates, agent, namedOnly, other, password);
  }
}
