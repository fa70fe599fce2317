package io.github.rpideploy.ssh.settings;

import io.github.rpideploy.DeployException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of ssh_config(5), section TOKENS, for one host: {@code %h}, {@code %p}, … and, in
 * paths, a leading {@code ~} and {@code ${VARIABLE}}.
 */
final class SshTokens {

  private final Host host;
  private final Map<String, String> environment;
  private final String home = System.getProperty("user.home");

  /**
   * The host that the tokens describe.
   *
   * @param said as the user wrote it
   * @param keyName the name under which its key is known
   * @param jump the value of {@code ProxyJump}, or an empty text
   */
  record Host(String said, String name, int port, String user, String keyName, String jump) {}

  SshTokens(Host host, Map<String, String> environment) {
    this.host = host;
    this.environment = Map.copyOf(environment);
  }

  /**
   * A path of the configuration.
   *
   * @throws DeployException for an unknown token, or when no path can be called so
   */
  Path path(String said) {
    String unquoted =
        said.length() > 1 && said.startsWith("\"") && said.endsWith("\"")
            ? said.substring(1, said.length() - 1)
            : said;
    String atHome =
        unquoted.equals("~") || unquoted.startsWith("~/") ? home + unquoted.substring(1) : unquoted;
    try {
      return Path.of(expand(variables(atHome)));
    } catch (InvalidPathException e) {
      throw new DeployException(
          "The SSH configuration names " + said + ", which cannot be a path: " + e.getReason(),
          "Correct it in ~/.ssh/config; for letters beyond ASCII, Java needs a locale that has them:"
              + " LC_ALL=C.UTF-8 mvn …");
    }
  }

  /**
   * @throws DeployException for an unknown token
   */
  String expand(String said) {
    StringBuilder expanded = new StringBuilder();
    int from = 0;
    for (int at = said.indexOf('%'); at >= 0; at = said.indexOf('%', from)) {
      String value = at + 1 < said.length() ? token(said.charAt(at + 1)) : null;
      if (value == null) {
        throw new DeployException(
            "The SSH configuration contains an unknown token: "
                + said.substring(at, Math.min(said.length(), at + 2))
                + " in "
                + said,
            "Replace it with its value for this host in ~/.ssh/config");
      }
      expanded.append(said, from, at).append(value);
      from = at + 2;
    }
    expanded.append(said.substring(from));
    return expanded.toString();
  }

  private @Nullable String token(char token) {
    return switch (token) {
      case '%' -> "%";
      case 'h' -> host.name();
      case 'n' -> host.said();
      case 'p' -> String.valueOf(host.port());
      case 'r' -> host.user();
      case 'k' -> host.keyName();
      case 'j' -> host.jump();
      case 'u' -> System.getProperty("user.name");
      case 'd' -> home;
      case 'l' -> localHost();
      case 'L' -> localHost().split("\\.", 2)[0];
      case 'C' -> sha1(localHost() + host.name() + host.port() + host.user() + host.jump());
      default -> null;
    };
  }

  private String variables(String said) {
    StringBuilder expanded = new StringBuilder();
    int from = 0;
    while (true) {
      int start = said.indexOf("${", from);
      int end = start < 0 ? -1 : said.indexOf('}', start);
      if (end < 0) {
        return expanded.append(said.substring(from)).toString();
      }
      String name = said.substring(start + 2, end);
      String value = environment.get(name);
      if (value == null) {
        throw new DeployException(
            "The SSH configuration needs the environment variable "
                + name
                + ", which is not set: "
                + said,
            "Set it, or write the whole path in ~/.ssh/config");
      }
      expanded.append(said, from, start).append(value);
      from = end + 1;
    }
  }

  private static String localHost() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }

  private static String sha1(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has SHA-1", e);
    }
  }
}
