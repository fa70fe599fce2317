package io.github.rpideploy.docker;

import io.github.rpideploy.docker.file.ComposeFile;
import io.github.rpideploy.docker.file.Endpoint;
import io.github.rpideploy.docker.file.PublishedPort;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the doctor asked of a Pi, and its answers.
 *
 * @param begun the Pi's clock when the examination began
 * @param ended the Pi's clock when it ended
 * @param machine the computer and its kernel
 * @param disks space where a deploy writes
 * @param listeners what listens for connections
 * @param published the ports that running containers hold
 * @param docker the state of Docker
 * @param directory the compose directory
 * @param project what runs there
 * @param images the names of all images that the Engine has
 * @param files what was told of the stack's files, as by the probe
 */
public record ExaminationResult(
    Instant begun,
    Instant ended,
    Machine machine,
    List<Disk> disks,
    List<Listener> listeners,
    List<PublishedPort> published,
    DockerFinding docker,
    Directory directory,
    ProbeResult.Project project,
    Set<String> images,
    List<String> files) {

  public ExaminationResult {
    files = List.copyOf(files);
    images = Set.copyOf(images);
    disks = List.copyOf(disks);
    listeners = List.copyOf(listeners);
    published = List.copyOf(published);
  }

  /**
   * The computer and its kernel.
   *
   * @param kernel the kernel's architecture in its own words: {@code aarch64}
   * @param pageSize in bytes; 0 when it is not known
   * @param throttled what {@code vcgencmd get_throttled} said; empty where there is none
   * @param interpreter what programs for deltas run in; empty where there is none
   */
  public record Machine(
      String kernel, long pageSize, Optional<String> throttled, Optional<String> interpreter) {}

  /**
   * A process that listens.
   *
   * @param process its name, if the user may see it
   */
  public record Listener(Endpoint endpoint, Optional<String> process) {}

  /**
   * The compose directory.
   *
   * @param path its absolute path; empty when it does not exist yet
   * @param unwritable the path that cannot be written, which prevents creating or writing it
   * @param unsettled the services that a deploy has left without a verdict
   */
  public record Directory(
      Optional<String> path, Optional<String> unwritable, List<String> unsettled) {

    public Directory {
      unsettled = List.copyOf(unsettled);
    }
  }

  /** The state of Docker. */
  public sealed interface DockerFinding {}

  /** There is no {@code docker} command. */
  public record NoDocker() implements DockerFinding {}

  /**
   * The Engine does not answer this user.
   *
   * @param said the error message
   * @param fix what lets the user talk to it
   */
  public record NoAnswer(String said, String fix) implements DockerFinding {}

  /**
   * The Engine answers.
   *
   * @param engine what it is
   * @param rootless whether it runs without root
   * @param memory of the Pi, in bytes
   * @param limitsMemory whether it can enforce memory limits
   * @param log where logs go by default
   * @param compose compose, and what it makes of the compose file; empty when there is none
   */
  public record Answer(
      Engine engine,
      boolean rootless,
      long memory,
      boolean limitsMemory,
      Log log,
      Optional<ComposeFinding> compose)
      implements DockerFinding {}

  /**
   * Where logs go by default.
   *
   * @param driver the log driver of a service that configures none
   * @param rotates whether the Engine limits their size
   * @param configured whether the Engine has a {@code daemon.json}
   */
  public record Log(String driver, boolean rotates, boolean configured) {}

  /**
   * Compose.
   *
   * @param version without a leading {@code v}
   * @param neverPulls whether it has {@code --pull never}
   * @param file what it makes of the compose file
   * @param services of the file, by name; empty when compose refuses it
   * @param unset variables of the file that have no value
   */
  public record ComposeFinding(
      String version,
      boolean neverPulls,
      ComposeAnswer file,
      Map<String, ComposeFile.Service> services,
      Set<String> unset) {

    public ComposeFinding {
      services = Collections.unmodifiableMap(new LinkedHashMap<>(services));
      unset = Collections.unmodifiableSet(new LinkedHashSet<>(unset));
    }
  }
}
