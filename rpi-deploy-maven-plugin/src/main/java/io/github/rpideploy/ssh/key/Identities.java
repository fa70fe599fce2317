package io.github.rpideploy.ssh.key;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.Reporter;
import io.github.rpideploy.ssh.settings.Login;
import io.github.rpideploy.ssh.settings.Secret;
import io.github.rpideploy.ssh.settings.SshNames;
import io.github.rpideploy.ssh.settings.SshRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The keys to log in with that are known before the agent is asked.
 *
 * @param fromText the key given as text
 * @param named the keys of configured files
 * @param usual the keys of files where OpenSSH looks by default
 * @param unusable key files that give no key, and why
 */
public record Identities(
    List<Identity> fromText, List<Identity> named, List<Identity> usual, List<String> unusable) {

  private static final Set<PosixFilePermission> OF_OTHERS =
      Set.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  /**
   * Reads the keys that a login may use.
   *
   * @param reporter is told of key files that others can read
   * @throws DeployException when a named key file is missing or the key given as text cannot be
   *     used
   */
  public static Identities load(Login login, Reporter reporter) {
    MinaSetup.ensure();
    return new Loader(login, reporter).load();
  }

  private static final class Loader {

    private final Login login;
    private final Reporter reporter;
    private final Certificates certificates;
    private final List<String> unusable = new ArrayList<>();

    Loader(Login login, Reporter reporter) {
      this.login = login;
      this.reporter = reporter;
      this.certificates = Certificates.in(login.certificates(), unusable);
    }

    Identities load() {
      List<Identity> fromText = login.text().map(this::fromText).orElse(List.of());
      List<Identity> named = new ArrayList<>();
      for (Path file : login.named()) {
        if (!Files.isRegularFile(file)) {
          throw new DeployException(
              "The private key file does not exist: " + file,
              "Name the right file with -Drpi.identityFile=…, or create it: ssh-keygen -t"
                  + " ed25519 -f '"
                  + file
                  + "'");
        }
        named.addAll(fromFile(file));
      }
      List<Identity> usual = new ArrayList<>();
      login.usual().stream()
          .filter(Files::isRegularFile)
          .forEach(file -> usual.addAll(fromFile(file)));
      return new Identities(
          fromText, List.copyOf(named), List.copyOf(usual), List.copyOf(unusable));
    }

    private List<Identity> fromText(Secret text) {
      try {
        return KeyText.parse(text.value(), text.source(), login.passphrase()).stream()
            .map(keys -> Identity.of(keys, text.source(), certificates.of(keys.getPublic())))
            .toList();
      } catch (UnusableKeyException e) {
        throw new DeployException(
            text.source() + " " + e.getMessage(),
            e.isLocked()
                ? "Put its passphrase into the environment variable "
                    + SshRequest.PASSPHRASE_VARIABLE
                    + ", or into the settings.xml <server> as <passphrase>"
                : "Set it to the whole text of a private key file, line breaks included, as "
                    + "ssh-keygen -t ed25519 -f deploy_key writes it");
      }
    }

    private List<Identity> fromFile(Path file) {
      String text;
      try {
        text = Files.readString(file, StandardCharsets.ISO_8859_1);
      } catch (IOException e) {
        unusable.add(file + " cannot be read");
        return List.of();
      }
      Optional<PublicKey> alone = PublicKeys.of(text);
      if (alone.isPresent()) {
        // As with ssh -i key.pub: the agent has the private part.
        return List.of(publicOnly(file, alone.get(), Optional.empty()));
      }
      warnWhenOthersCanRead(file);
      try {
        List<Identity> found = new ArrayList<>();
        for (KeyPair keys : KeyText.parse(text, file.toString(), login.passphrase())) {
          found.add(Identity.of(keys, file.toString(), certificates.of(keys.getPublic(), file)));
        }
        return found;
      } catch (UnusableKeyException e) {
        if (!e.isLocked()) {
          unusable.add(file + " " + e.getMessage());
          return List.of();
        }
        return List.of(locked(file, text, e));
      }
    }

    /** The agent may have the key; otherwise its passphrase is asked for when its turn comes. */
    private Identity locked(Path file, String text, UnusableKeyException why) {
      unusable.add(
          file
              + " "
              + why.getMessage()
              + "; add it to the ssh-agent: ssh-add "
              + SshNames.quoted(file)
              + ", or set the environment variable "
              + SshRequest.PASSPHRASE_VARIABLE);
      Optional<PublicKey> known =
          PublicKeys.ofPrivate(text).or(() -> PublicKeys.in(Path.of(file + ".pub")));
      return known
          .map(key -> publicOnly(file, key, Optional.of(file)))
          .orElseGet(
              () ->
                  new Identity(
                      file.toString(),
                      Optional.empty(),
                      Optional.empty(),
                      List.of(),
                      Optional.of(file)));
    }

    private Identity publicOnly(Path file, PublicKey key, Optional<Path> locked) {
      return new Identity(
          file.toString(), Optional.empty(), Optional.of(key), certificates.of(key, file), locked);
    }

    private void warnWhenOthersCanRead(Path file) {
      try {
        if (Files.getPosixFilePermissions(file).stream().anyMatch(OF_OTHERS::contains)) {
          reporter.report(
              new Event.Warning(
                  "The private key "
                      + file
                      + " can be read by others: chmod 600 "
                      + SshNames.quoted(file)));
        }
      } catch (UnsupportedOperationException | IOException notPosix) {
        // Windows has no such permissions.
      }
    }
  }
}
