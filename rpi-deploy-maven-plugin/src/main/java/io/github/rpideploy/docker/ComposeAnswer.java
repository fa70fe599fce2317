package io.github.rpideploy.docker;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.docker.file.ComposeFile;
import io.github.rpideploy.remote.ExecResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What compose made of a compose file.
 *
 * @param host where it was asked
 * @param directory the compose directory
 * @param unwritable the path that cannot be written, so that the directory cannot be created or
 *     written; null when it can
 * @param config the result of {@code compose config}
 * @param local the local file that was given to it; null when it was the one on the Pi
 */
public record ComposeAnswer(
    String host,
    String directory,
    @Nullable String unwritable,
    ExecResult config,
    @Nullable String local) {

  /** Of the file on the Pi. */
  ComposeAnswer(String host, String directory, @Nullable String unwritable, ExecResult config) {
    this(host, directory, unwritable, config, null);
  }

  private static final Pattern WARNING =
      Pattern.compile(
          "(?m)^(?:time=\\S+ level=warning|WARNING:|The \\S+ variable is not set).*\\R?");

  /** Where {@code stack-files.sh} shows compose what the directory will be. */
  private static final Pattern PREVIEW =
      Pattern.compile("(?:/[\\w.-]+)+/rpi-deploy\\.\\w{6}/up/[\\w.-]+(?=[/\\s'\"]|$)");

  /** The error message of compose without the value that it quotes, which may be a secret. */
  private String complaint() {
    String said = WARNING.matcher(config.stderr()).replaceAll("");
    // Of a file that it reads from its standard input.
    return ComposeComplaint.withoutValues(
        local == null ? said : said.replace("validating -:", "validating " + local + ":"));
  }

  /**
   * The compose file.
   *
   * @throws DeployException when compose refuses it
   */
  public ComposeFile read() {
    if (config.ok()) {
      return ComposeFile.parse(config.stdout());
    }
    throw new DeployException(
        local == null
            ? "Compose refuses the compose file of "
                + directory
                + " on "
                + host
                + ": "
                + complaint()
            : "Compose on " + host + " refuses " + local + ": " + complaint(),
        ComposeComplaint.isOfNoValue(config.stderr())
            ? "Give the variable a value in " + directory + "/.env on the Pi; nothing was changed"
            : local != null
                ? "Correct it there, or name another one with -Drpi.composeFile; nothing was changed"
                : "Put a compose.yaml beside the root pom.xml (or name one with -Drpi.composeFile), or"
                    + " fix the one on the Pi; nothing was changed");
  }

  /**
   * What compose printed, with the services of all profiles; it may hold secrets. Files are in the
   * directory, even if compose was shown them elsewhere because it lacks them yet.
   *
   * @throws DeployException when compose refuses the file
   */
  public String yaml() {
    read();
    String printed = config.stdout().replaceFirst("(?s)^.*\n# of all profiles\n", "");
    String there = directory.startsWith("/") ? directory : "/" + directory;
    return PREVIEW.matcher(printed).replaceAll(Matcher.quoteReplacement(there));
  }

  /**
   * The compose file, for a deploy that must write into the directory.
   *
   * @throws DeployException also when the directory cannot be made or written
   */
  public ComposeFile readForDeploy() {
    if (unwritable != null) {
      throw new DeployException(
          "The directory "
              + directory
              + " cannot be made or written on "
              + host
              + ": the user may not write "
              + unwritable,
          "Name one that the user may write: -Drpi.directory=rpi/my-services (relative to the"
              + " home)");
    }
    return read();
  }
}
