package io.github.rpideploy.ssh.settings;

import io.github.rpideploy.DeployException;
import org.jspecify.annotations.Nullable;

/**
 * A destination as {@code ssh} takes it: {@code host}, {@code user@host}, {@code
 * ssh://user@host:port}; and {@code user@host:port} as in {@code ProxyJump}.
 */
record SshAddress(@Nullable String user, String host, @Nullable Integer port) {

  private static final String SCHEME = "ssh://";

  /**
   * @throws DeployException when the port is not a number
   */
  static SshAddress parse(String said) {
    String rest = said.strip();
    if (rest.startsWith(SCHEME)) {
      rest = rest.substring(SCHEME.length());
      rest = rest.endsWith("/") ? rest.substring(0, rest.length() - 1) : rest;
    }
    int at = rest.lastIndexOf('@');
    String user = at < 0 ? null : rest.substring(0, at);
    String host = rest.substring(at + 1);
    int colon = host.lastIndexOf(':');
    boolean bracketed = host.startsWith("[");
    boolean hasPort = bracketed ? host.contains("]:") : colon >= 0 && colon == host.indexOf(':');
    Integer port = hasPort ? port(host.substring(colon + 1), said) : null;
    return new SshAddress(user, hasPort ? host.substring(0, colon) : host, port);
  }

  private static Integer port(String text, String said) {
    try {
      return Integer.valueOf(text);
    } catch (NumberFormatException e) {
      throw new DeployException(
          "Not a TCP port: \"" + text + "\" in " + said,
          "Write the host as pi@raspberrypi.local, and the port as -Drpi.port=22");
    }
  }
}
