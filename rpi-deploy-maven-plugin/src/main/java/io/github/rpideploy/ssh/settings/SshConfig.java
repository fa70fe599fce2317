package io.github.rpideploy.ssh.settings;

import io.github.rpideploy.DeployException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the SSH configuration says about one host. {@link OpenSshConfig} reads it; where OpenSSH's
 * client is not installed, {@link MinaSshConfig} does.
 */
final class SshConfig {

  /** The configuration file that is none. */
  static final String NO_FILE = "none";

  private final Map<String, List<String>> values;
  private final Map<String, List<String>> defaults;
  private final String source;

  /**
   * @param values by keyword in lower case
   * @param defaults what the values would be without any configuration
   * @param source for messages
   */
  SshConfig(Map<String, List<String>> values, Map<String, List<String>> defaults, String source) {
    this.values = Map.copyOf(values);
    this.defaults = Map.copyOf(defaults);
    this.source = source;
  }

  /** Whom to ask about a host. */
  record Question(
      String host, @Nullable Integer port, @Nullable String user, @Nullable String file) {

    /**
     * @throws DeployException when nothing is called so: it would be a word of a command line
     */
    Question {
      host = SshNames.host(host);
      user = user == null ? null : SshNames.user(user, host);
    }
  }

  /** Answers such questions. */
  @FunctionalInterface
  interface Reader {
    SshConfig read(Question question);
  }

  /** For messages: where its values are from. */
  String source() {
    return source;
  }

  /** All values of a keyword. */
  List<String> all(String keyword) {
    return values.getOrDefault(keyword, List.of());
  }

  /** The value of a keyword, said or by default. */
  Optional<String> get(String keyword) {
    return all(keyword).stream().findFirst();
  }

  /** All values of a keyword, if somebody has said them. */
  List<String> allSaid(String keyword) {
    return all(keyword).equals(defaults.get(keyword)) ? List.of() : all(keyword);
  }

  /** The value of a keyword, if somebody has said it. */
  Optional<String> said(String keyword) {
    return allSaid(keyword).stream().findFirst();
  }

  /** Whether a keyword is on. */
  boolean isYes(String keyword) {
    return get(keyword).filter(value -> value.equals("yes") || value.equals("true")).isPresent();
  }

  /** A list with commas, if somebody has said it. */
  List<String> listSaid(String keyword) {
    return said(keyword).map(SshRequest::split).orElse(List.of());
  }
}
