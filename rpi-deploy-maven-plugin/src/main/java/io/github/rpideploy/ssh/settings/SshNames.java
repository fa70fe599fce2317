package io.github.rpideploy.ssh.settings;

import io.github.rpideploy.DeployException;
import java.util.Locale;

/**
 * Which names of hosts and users are accepted. They reach a local command line ({@code ssh -G},
 * ProxyCommand) and messages, so characters that no real name contains are refused, as OpenSSH's
 * own client does.
 */
public final class SshNames {

  /** The port of SSH, by default (RFC 4253, section 4). */
  static final int SSH_PORT = 22;

  private static final String NOT_IN_HOSTS = "'`\"$\\;&<>|(){},";
  private static final String NOT_IN_USERS = "'`\"$;&<>|(){}";

  private SshNames() {}

  /**
   * A name or an address, without the brackets of IP version 6.
   *
   * @throws DeployException when it is not a valid name
   */
  static String host(String said) {
    String stripped = said.strip();
    String host =
        stripped.startsWith("[") && stripped.endsWith("]")
            ? stripped.substring(1, stripped.length() - 1)
            : stripped;
    if (host.isEmpty()
        || host.startsWith("-")
        || host.chars().anyMatch(c -> isBlank(c) || NOT_IN_HOSTS.indexOf(c) >= 0)) {
      throw new DeployException(
          "The host of the Pi is missing or not a name: '" + shown(said) + "'",
          "Name it with -Drpi.host=raspberrypi.local");
    }
    return host;
  }

  /**
   * @throws DeployException when no user can have that name
   */
  static String user(String said, String host) {
    if (said.isBlank()) {
      throw new DeployException(
          "The user to log in as on " + host + " is missing", "Name it with -Drpi.user=pi");
    }
    if (said.startsWith("-")
        || said.endsWith("\\")
        || said.chars().anyMatch(c -> isBlank(c) || NOT_IN_USERS.indexOf(c) >= 0)) {
      throw new DeployException(
          "Not the name of a user on " + host + ": '" + shown(said) + "'",
          "Name the user to log in as with -Drpi.user=pi");
    }
    return said;
  }

  /** How known_hosts files name a host: with brackets and port unless the port is 22. */
  public static String knownHostsName(String host, int port) {
    String name = host.toLowerCase(Locale.ROOT);
    return port == SSH_PORT ? name : "[" + name + "]:" + port;
  }

  /** A path or a name, quoted for a command line that people paste into a shell. */
  public static String quoted(Object text) {
    return "'" + text.toString().replace("'", "'\\''") + "'";
  }

  private static boolean isBlank(int c) {
    return Character.isWhitespace(c) || isUnseen(c);
  }

  /** A control character, or an invisible one such as a change of writing direction. */
  private static boolean isUnseen(int c) {
    return Character.isISOControl(c) || Character.getType(c) == Character.FORMAT;
  }

  private static String shown(String said) {
    StringBuilder shown = new StringBuilder();
    said.chars().forEach(c -> shown.append(isUnseen(c) ? '?' : (char) c));
    return shown.toString();
  }
}
