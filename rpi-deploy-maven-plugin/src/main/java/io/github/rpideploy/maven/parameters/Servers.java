package io.github.rpideploy.maven.parameters;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.ssh.settings.Secret;
import io.github.rpideploy.ssh.settings.SshRequest;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.maven.execution.MavenExecutionRequest;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.settings.Server;
import org.apache.maven.settings.building.SettingsProblem;
import org.apache.maven.settings.crypto.DefaultSettingsDecryptionRequest;
import org.apache.maven.settings.crypto.SettingsDecrypter;
import org.apache.maven.settings.crypto.SettingsDecryptionResult;
import org.jspecify.annotations.Nullable;

/** The servers of the user's settings.xml, decrypted. */
public final class Servers {

  private final MavenSession session;
  private final SettingsDecrypter decrypter;

  public Servers(MavenSession session, SettingsDecrypter decrypter) {
    this.session = session;
    this.decrypter = decrypter;
  }

  /**
   * The {@code <server>} with that id; without one, those whose id is one of the hosts.
   *
   * @throws DeployException when there is no server with that id, when a value cannot be decrypted,
   *     or when a password is not encrypted
   */
  public SshRequest.@Nullable Server of(@Nullable String id, List<String> hosts) {
    List<String> ids = id == null ? hosts : List.of(id);
    for (String candidate : ids) {
      Server server = session.getSettings().getServer(candidate);
      if (server != null) {
        return decrypted(server);
      }
    }
    if (id != null) {
      throw new DeployException(
          "settings.xml has no <server> with the id " + id,
          "Add it: <server><id>"
              + id
              + "</id><username>pi</username></server>, or remove rpi.server");
    }
    return null;
  }

  private SshRequest.Server decrypted(Server server) {
    requireEncryptedPassword(server);
    SettingsDecryptionResult result =
        decrypter.decrypt(new DefaultSettingsDecryptionRequest(server));
    Optional<SettingsProblem> problem =
        result.getProblems().stream()
            .filter(found -> found.getSeverity() != SettingsProblem.Severity.WARNING)
            .findFirst();
    if (problem.isPresent()) {
      throw new DeployException(
          "The <server> " + server.getId() + " of settings.xml cannot be decrypted",
          "Encrypt its values with the master password of this machine: mvn --encrypt-password");
    }
    Server open = result.getServer();
    String source = "settings.xml, server " + server.getId();
    String key = open.getPrivateKey();
    return new SshRequest.Server(
        server.getId(),
        open.getUsername(),
        PathParameter.parse("The <privateKey> of " + source, key, Path.of("")),
        secret(open.getPassphrase(), source),
        secret(open.getPassword(), source));
  }

  /** Maven 4 has decrypted it already, so the files themselves are read. */
  private void requireEncryptedPassword(Server server) {
    MavenExecutionRequest request = session.getRequest();
    for (File file : new File[] {request.getUserSettingsFile(), request.getGlobalSettingsFile()}) {
      if (file == null || !file.isFile()) {
        continue;
      }
      Optional<String> written = SettingsFile.password(file, server.getId());
      if (written.isPresent() && !isProtected(written.get())) {
        throw new DeployException(
            "The password of the <server> " + server.getId() + " is not encrypted in " + file,
            "Encrypt it with mvn --encrypt-password, or better, use a key: ssh-keygen -t ed25519,"
                + " ssh-copy-id");
      }
    }
  }

  /** Encrypted, or taken from the environment. */
  private static boolean isProtected(String value) {
    String text = value.strip();
    return text.isEmpty() || (text.contains("{") && text.endsWith("}"));
  }

  private static @Nullable Secret secret(@Nullable String value, String source) {
    return value == null || value.isBlank() ? null : new Secret(value, source);
  }
}
