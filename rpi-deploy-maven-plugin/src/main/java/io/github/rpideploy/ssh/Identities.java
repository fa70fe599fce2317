package io.github.rpideploy.ssh;

import io.github.rpideploy.DeployException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.util.security.SecurityUtils;

/**
 * The private keys to authenticate with, in the order in which they are tried: the one given as
 * text, those of the agent, those of the files.
 *
 * @param fromText the key given as text
 * @param agentSocket where the agent listens
 * @param fromFiles the keys of the key files
 * @param unusable key files that hold no key for us, and why
 */
record Identities(
    List<Identity> fromText,
    Optional<Path> agentSocket,
    List<Identity> fromFiles,
    List<String> unusable) {

  /** A key and where it is from, for messages. */
  record Identity(KeyPair keys, String source) {}

  /** The reason is for messages: it holds nothing of the key. */
  private static final class UnusableKeyException extends Exception {

    private static final long serialVersionUID = 1L;

    UnusableKeyException(String reason) {
      super(reason);
    }
  }

  private static final String NO_KEY =
      "holds no private key in the format of OpenSSH, PEM or PKCS#8";

  /**
   * @throws DeployException when a key file is missing or the key given as text cannot be used
   */
  static Identities load(SshSettings settings) {
    List<Identity> fromText = new ArrayList<>();
    String text = settings.identityText();
    if (text != null) {
      fromText.addAll(parseText(text));
    }
    List<Identity> fromFiles = new ArrayList<>();
    List<String> unusable = new ArrayList<>();
    for (Path file : settings.identityFiles()) {
      if (!Files.isRegularFile(file)) {
        throw new DeployException(
            "The private key file does not exist: " + file,
            "Name the right one with -Drpi.identityFile=…, or create it with: ssh-keygen -t ed25519"
                + " -f '"
                + file
                + "'");
      }
      try {
        parse(read(file), file.toString())
            .forEach(keys -> fromFiles.add(new Identity(keys, file.toString())));
      } catch (UnusableKeyException e) {
        unusable.add(file + " " + e.getMessage());
      }
    }
    return new Identities(fromText, settings.agentSocket(), fromFiles, unusable);
  }

  private static List<Identity> parseText(String text) {
    try {
      return parse(text, SshSettings.KEY_VARIABLE).stream()
          .map(keys -> new Identity(keys, SshSettings.KEY_VARIABLE))
          .toList();
    } catch (UnusableKeyException e) {
      throw new DeployException(
          SshSettings.KEY_VARIABLE + " " + e.getMessage(),
          "Set it to the whole text of an unencrypted private key file, line breaks included, as "
              + "ssh-keygen -t ed25519 -N '' -f deploy_key writes it",
          null);
    }
  }

  private static String read(Path file) throws UnusableKeyException {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UnusableKeyException("cannot be read");
    }
  }

  private static List<KeyPair> parse(String text, String source) throws UnusableKeyException {
    MinaSetup.ensure();
    if (text.contains("BEGIN ENCRYPTED PRIVATE KEY") || text.contains("Proc-Type: 4,ENCRYPTED")) {
      throw encrypted(source);
    }
    boolean[] asked = new boolean[1];
    try (ByteArrayInputStream in =
        new ByteArrayInputStream(text.strip().getBytes(StandardCharsets.ISO_8859_1))) {
      Iterable<KeyPair> found =
          SecurityUtils.loadKeyPairIdentities(
              null,
              NamedResource.ofName(source),
              in,
              (session, resource, attempt) -> {
                asked[0] = true;
                return null;
              });
      List<KeyPair> keys = new ArrayList<>();
      if (found != null) {
        found.forEach(keys::add);
      }
      if (!keys.isEmpty()) {
        return keys;
      }
    } catch (IOException | GeneralSecurityException | RuntimeException unreadable) {
      // Its message may quote the key, so it goes no further.
    }
    throw asked[0] ? encrypted(source) : new UnusableKeyException(NO_KEY);
  }

  private static UnusableKeyException encrypted(String source) {
    return new UnusableKeyException(
        "is encrypted with a passphrase; the ssh-agent can hold it: ssh-add '" + source + "'");
  }
}
