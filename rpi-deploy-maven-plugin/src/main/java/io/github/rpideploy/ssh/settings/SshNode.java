package io.github.rpideploy.ssh.settings;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How another machine is reached through a first one, where that differs from how the first one is.
 *
 * @param host as the first one reaches it, or a {@code Host} of the SSH configuration; null for the
 *     address by which the first one knows it
 * @param port null for that of the SSH configuration, else 22
 * @param user null for that of the first one
 * @param identityFile a private key, tried before those of the first one; null for those alone
 */
public record SshNode(
    @Nullable String host,
    @Nullable Integer port,
    @Nullable String user,
    @Nullable Path identityFile) {

  /** One that differs in nothing. */
  public static final SshNode SAME = new SshNode(null, null, null, null);

  /**
   * The same with a host.
   *
   * @param address used when it has none
   */
  public SshNode at(String address) {
    return new SshNode(host == null ? address : host, port, user, identityFile);
  }
}
