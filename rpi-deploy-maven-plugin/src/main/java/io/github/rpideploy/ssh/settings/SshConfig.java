package io.github.rpideploy.ssh.settings;

import io.github.rpideploy.DeployException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the SSH configuration says about one host. {@link OpenSshConfig} reads it; where OpenSSH's
 * client is not installed, {@link MinaSshConfig} does.
 */
final class SshConfig {

  /** The value that stands for no file, no server or no command. */
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

  /** A host, with what is known before the configuration is read. */
  record Question(
      String host, @Nullable Integer port, @Nullable String user, @Nullable String file) {

    /**
     * @throws DeployException when it is not a name: it becomes an argument of a command line
     */
    Question {
      host = SshNames.host(host);
      user = user == null ? null : SshNames.user(user, host);
    }
  }

  /** Answers questions. */
  @FunctionalInterface
  interface Reader {
    SshConfig read(Question question);
  }

  /** For messages: where the values come from. */
  String source() {
    return source;
  }

  /** All values of a keyword. */
  List<String> all(String keyword) {
    return values.getOrDefault(keyword, List.of());
  }

  /** The value of a keyword, configured or by default. */
  Optional<String> get(String keyword) {
    return all(keyword).stream().findFirst();
  }

  /** All values of a keyword, if they are configured. */
  List<String> allConfigured(String keyword) {
    return all(keyword).equals(defaults.get(keyword)) ? List.of() : all(keyword);
  }

  /** The value of a keyword, if it is configured. */
  Optional<String> configured(String keyword) {
    return allConfigured(keyword).stream().findFirst();
  }

  /** How long connecting may take; the default when that is not configured, or as 0. */
  Duration connectTimeout() {
    return configured("connecttimeout")
        .filter(text -> text.matches("\\d{1,9}"))
        .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)))
        .filter(timeout -> !timeout.isZero())
        .orElse(SshSettings.CONNECT_TIMEOUT);
  }

  /** Whether a keyword is on. */
  boolean isYes(String keyword) {
    return get(keyword).filter(value -> value.equals("yes") || value.equals("true")).isPresent();
  }

  /** A comma-separated list, if it is configured. */
  List<String> listConfigured(String keyword) {
    return configured(keyword).map(SshRequest::split).orElse(List.of());
  }
}
