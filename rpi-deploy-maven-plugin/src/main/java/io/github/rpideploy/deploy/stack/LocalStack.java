package io.github.rpideploy.deploy.stack;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.files.FilesArchive;
import io.github.rpideploy.deploy.files.FilesOnPi;
import io.github.rpideploy.deploy.files.StackFile;
import io.github.rpideploy.deploy.files.StackFiles;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.docker.Probe;
import io.github.rpideploy.docker.ProbeResult;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.Reporter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A stack as it is on this machine.
 *
 * @param composeYaml the text of its compose file; null to keep the one on the Pi
 * @param files what goes along with it
 */
public record LocalStack(Stack stack, @Nullable String composeYaml, StackFiles files) {

  /**
   * Reads it.
   *
   * @throws DeployException when a file cannot be read, or there are more than allowed
   */
  public static LocalStack of(Stack stack) {
    return new LocalStack(stack, wanted(stack), StackFiles.of(stack));
  }

  /**
   * The same, but nothing goes along with the compose file.
   *
   * @throws DeployException when the compose file cannot be read
   */
  public static LocalStack withoutFiles(Stack stack) {
    return new LocalStack(stack, wanted(stack), StackFiles.NONE);
  }

  /** How many files go along. */
  public int count() {
    return files.files().size();
  }

  /** How many bytes they have together. */
  public long bytes() {
    return files.files().values().stream().mapToLong(StackFile::size).sum();
  }

  /** What the user should hear of files that do not go along. */
  public List<String> told() {
    return files.told();
  }

  /**
   * Makes sure that no file would be overwritten that somebody has changed on the Pi.
   *
   * @param found what the Pi has told of files
   * @throws DeployException when one would
   */
  public void requireNoConflict(List<String> found, String host) {
    Upload.requireNoConflict(stack, files, FilesOnPi.parse(found), host);
  }

  /** What the probe lets compose read; null for what is on the Pi. */
  public Probe.@Nullable Given given() {
    if (composeYaml == null) {
      return null;
    }
    String name = String.valueOf(stack.composeFile());
    return files.isEmpty()
        ? Probe.Given.alone(name, composeYaml)
        : new Probe.Given(
            name, composeYaml, files.sha256(), FilesArchive.toRead(composeYaml, files));
  }

  /**
   * The directory on the Pi that is to become the same. What does not go along, and what the Pi
   * will miss, is told.
   */
  public ComposeDirectory directory(RemoteHost host, ProbeResult found, Reporter reporter) {
    FilesOnPi there = FilesOnPi.parse(found.files());
    tell(there, host, reporter);
    return new ComposeDirectory(host, found.docker(), stack, composeYaml, files, there, reporter);
  }

  private void tell(FilesOnPi there, RemoteHost host, Reporter reporter) {
    files.told().forEach(text -> reporter.report(new Event.Warning(text)));
    files.details().forEach(text -> reporter.report(new Event.Detail(text)));
    if (files.localEnv() == null) {
      return;
    }
    Set<String> missing = new TreeSet<>(there.unset());
    if (there.hasEnv()) {
      missing.retainAll(Objects.requireNonNull(files.localEnv()));
    }
    if (there.hasEnv() && missing.isEmpty()) {
      return;
    }
    String variables =
        missing.isEmpty()
            ? ""
            : "; the compose file needs "
                + String.join(", ", missing)
                + ", which "
                + (missing.size() == 1 ? "has" : "have")
                + " no value there";
    reporter.report(
        new Event.Warning(
            (there.hasEnv()
                        ? ".env in %s on %s is not the one here"
                        : ".env is here, but not in %s on %s")
                    .formatted(stack.directory(), host.name())
                + variables
                + ". It is private, so it is not sent. Write it there, or send it: -Drpi.files=.env"));
  }

  /**
   * The compose file that the directory should have; null to keep the one it has.
   *
   * @throws DeployException when the local compose file cannot be read
   */
  public static @Nullable String wanted(Stack stack) {
    return stack.composeFile() == null ? null : read(stack.composeFile());
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new DeployException(
          "The compose file " + file + " cannot be read: " + e.getMessage(),
          "Name the right one with -Drpi.composeFile=path/to/compose.yaml",
          e);
    }
  }
}
