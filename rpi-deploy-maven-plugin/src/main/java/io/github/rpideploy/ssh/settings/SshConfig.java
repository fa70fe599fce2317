package io.github.rpideploy.ssh.settings;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.remote.Command;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the SSH configuration says of one host. OpenSSH itself is asked ({@code ssh -G}), so that
 * Include, Match and everything else mean what they mean to {@code ssh}; where it is not installed,
 * {@link MinaSshConfig} reads the user's file.
 */
public final class SshConfig {

  /** The configuration file that is none. */
  static final String NO_FILE = "none";

  private static final String SSH = "ssh";
  private static final int SECONDS = 30;

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
  public record Question(
      String host, @Nullable Integer port, @Nullable String user, @Nullable String file) {

    /**
     * @throws DeployException when nothing is called so: it would be a word of a command line
     */
    public Question {
      host = SshNames.host(host);
      user = user == null ? null : SshNames.user(user, host);
    }
  }

  /** Answers such questions. */
  @FunctionalInterface
  public interface Reader {
    SshConfig read(Question question);
  }

  /**
   * Asks OpenSSH where it is installed.
   *
   * @param warnings takes what cannot be honoured
   */
  public static SshConfig read(Question question, List<String> warnings) {
    return openSsh(SSH, question).orElseGet(() -> MinaSshConfig.read(question, warnings));
  }

  /** What that program says; empty when it is not installed. */
  static Optional<SshConfig> openSsh(String program, Question question) {
    try {
      Map<String, List<String>> defaults = ask(program, question, NO_FILE);
      Map<String, List<String>> values =
          NO_FILE.equals(question.file()) ? defaults : ask(program, question, question.file());
      return Optional.of(
          new SshConfig(
              values,
              defaults,
              question.file() == null ? "the SSH configuration" : question.file()));
    } catch (IOException notInstalled) {
      return Optional.empty();
    }
  }

  private static Map<String, List<String>> ask(
      String program, Question question, @Nullable String file) throws IOException {
    List<String> argv = new ArrayList<>(List.of(program));
    if (file != null) {
      argv.addAll(List.of("-F", file));
    }
    argv.add("-G");
    if (question.port() != null) {
      argv.addAll(List.of("-p", question.port().toString()));
    }
    if (question.user() != null) {
      argv.addAll(List.of("-l", question.user()));
    }
    argv.addAll(List.of("--", question.host()));
    Process process = SshRequest.withoutSecrets(new ProcessBuilder(argv)).start();
    try {
      process.getOutputStream().close();
      // ssh -G writes a few lines only in case of an error, far less than a pipe holds.
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      String complaint =
          new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new DeployException(
            "OpenSSH cannot say what its configuration means for "
                + question.host()
                + ": "
                + complaint,
            "See it for yourself: " + Command.of(argv).toShell());
      }
      return parse(said);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DeployException("Reading the SSH configuration was interrupted", "Run it again", e);
    } finally {
      process.destroyForcibly();
    }
  }

  private static Map<String, List<String>> parse(String said) {
    Map<String, List<String>> values = new HashMap<>();
    said.lines()
        .forEach(
            line -> {
              int blank = line.indexOf(' ');
              if (blank > 0) {
                values
                    .computeIfAbsent(
                        line.substring(0, blank).toLowerCase(Locale.ROOT),
                        ignored -> new ArrayList<>())
                    .add(line.substring(blank + 1));
              }
            });
    return values;
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
