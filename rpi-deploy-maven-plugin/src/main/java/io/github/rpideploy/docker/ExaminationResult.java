package io.github.rpideploy.docker;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What was found on a Pi that was looked at closely.
 *
 * @param begun the Pi's clock when it began to look
 * @param ended the same when it had looked
 * @param machine the computer and its kernel
 * @param disks space where a deploy writes
 * @param listeners what listens for connections
 * @param published the ports of running containers
 * @param docker how Docker is
 * @param directory the compose directory
 */
public record ExaminationResult(
    Instant begun,
    Instant ended,
    Machine machine,
    List<Disk> disks,
    List<Listener> listeners,
    List<PublishedPort> published,
    DockerFinding docker,
    Directory directory) {

  public ExaminationResult {
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
   */
  public record Machine(String kernel, long pageSize, Optional<String> throttled) {}

  /**
   * A process that listens.
   *
   * @param process its name, where the user may know it
   */
  public record Listener(Endpoint endpoint, Optional<String> process) {}

  /**
   * The compose directory.
   *
   * @param path where it is, absolute; empty when it is not there yet
   * @param unwritable what keeps it from being made or written
   */
  public record Directory(Optional<String> path, Optional<String> unwritable) {}

  /** How Docker is. */
  public sealed interface DockerFinding {}

  /** There is no {@code docker} command. */
  public record NoDocker() implements DockerFinding {}

  /**
   * The Engine does not answer this user.
   *
   * @param said what was said instead
   * @param mend what lets the user talk to it
   */
  public record NoAnswer(String said, String mend) implements DockerFinding {}

  /**
   * The Engine answers.
   *
   * @param engine what it is
   * @param rootless whether it runs without root
   * @param memory of the Pi, in bytes
   * @param limitsMemory whether it can hold containers to a limit of memory
   * @param log what becomes of logs
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
   * What becomes of logs.
   *
   * @param driver what takes them unless a service says otherwise
   * @param rotates whether the Engine was told how large they may become
   * @param configured whether the Engine has a {@code daemon.json}
   */
  public record Log(String driver, boolean rotates, boolean configured) {}

  /**
   * Compose.
   *
   * @param version without a leading {@code v}
   * @param neverPulls whether it can be told to pull nothing
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
