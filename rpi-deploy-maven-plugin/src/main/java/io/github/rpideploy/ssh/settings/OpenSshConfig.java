package io.github.rpideploy.ssh.settings;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.remote.Command;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The SSH configuration as OpenSSH itself reads it ({@code ssh -G}), so that Include, Match and
 * everything else mean what they mean to {@code ssh}.
 */
final class OpenSshConfig {

  /** {@code Match exec} runs a command, which may use the network. */
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final String program;
  private final Duration timeout;

  /**
   * @param timeout for each question
   */
  OpenSshConfig(String program, Duration timeout) {
    this.program = program;
    this.timeout = timeout;
  }

  /** The installed client. */
  static OpenSshConfig installed() {
    return new OpenSshConfig("ssh", TIMEOUT);
  }

  /**
   * Asks what the configuration means for one host; empty when OpenSSH's client is not installed.
   *
   * @throws DeployException when OpenSSH fails or gives no answer in time
   */
  Optional<SshConfig> read(SshConfig.Question question) {
    String file = question.file();
    Optional<Map<String, List<String>>> defaults = ask(question, SshConfig.NO_FILE);
    return defaults.map(
        none ->
            new SshConfig(
                SshConfig.NO_FILE.equals(file) ? none : ask(question, file).orElse(none),
                none,
                file == null ? "the SSH configuration" : file));
  }

  private Optional<Map<String, List<String>>> ask(
      SshConfig.Question question, @Nullable String file) {
    List<String> argv = argv(question, file);
    Path output = temporaryFile();
    Path errors = temporaryFile();
    try {
      Process process = start(argv, output, errors);
      if (process == null) {
        return Optional.empty();
      }
      await(process, question, argv);
      if (process.exitValue() != 0) {
        throw new DeployException(
            "OpenSSH cannot say what its configuration means for "
                + question.host()
                + ": "
                + Files.readString(errors, StandardCharsets.UTF_8).strip(),
            "See for yourself: " + Command.of(argv).toShell());
      }
      return Optional.of(parse(Files.readString(output, StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw unusable(e);
    } finally {
      delete(output);
      delete(errors);
    }
  }

  private List<String> argv(SshConfig.Question question, @Nullable String file) {
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
    return argv;
  }

  /** Writes to files: a pipe stays open until the last command that Match exec started ends. */
  private static @Nullable Process start(List<String> argv, Path output, Path errors)
      throws IOException {
    ProcessBuilder ssh =
        SshRequest.withoutSecrets(new ProcessBuilder(argv))
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile());
    Process process;
    try {
      process = ssh.start();
    } catch (IOException notInstalled) {
      return null;
    }
    process.getOutputStream().close();
    return process;
  }

  private void await(Process process, SshConfig.Question question, List<String> argv) {
    try {
      if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new DeployException(
            "OpenSSH did not say within %d s what its configuration means for %s"
                .formatted(timeout.toSeconds(), question.host()),
            "A command of Match exec in the SSH configuration probably hangs. See for yourself: "
                + Command.of(argv).toShell()
                + ". To deploy without any SSH configuration: -Drpi.sshConfig=none");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DeployException("Reading the SSH configuration was interrupted", "Run it again", e);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static Path temporaryFile() {
    try {
      return Files.createTempFile("rpi-deploy-ssh", ".txt");
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  private static DeployException unusable(IOException e) {
    return new DeployException(
        "The answer of ssh -G cannot be kept in a temporary file: " + e.getMessage(),
        "Check the directory for temporary files: " + System.getProperty("java.io.tmpdir"),
        e);
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // Windows keeps a file that a command of Match exec still has open.
    }
  }

  private static Map<String, List<String>> parse(String output) {
    Map<String, List<String>> values = new HashMap<>();
    output
        .lines()
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
}
