package io.github.rpideploy.deploy.files;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.image.Digest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The local files that go along with the compose file.
 *
 * @param files by path, in the order of the paths
 * @param usedBy the files and directories that containers of each service see
 * @param shaping the files of which compose makes each service, besides the compose file
 * @param readByCompose the paths that compose itself reads
 * @param told what the user should hear of, without the names of files that do not matter
 * @param details what helps only to find a cause
 * @param localEnv the names of the variables in a local {@code .env} that is not sent; null when
 *     there is none
 */
public record StackFiles(
    Map<String, StackFile> files,
    Map<String, Set<String>> usedBy,
    Map<String, Set<String>> shaping,
    Set<String> readByCompose,
    List<String> told,
    List<String> details,
    @Nullable Set<String> localEnv) {

  /** The name that a second compose file has on the Pi. */
  static final String OVERRIDE = "compose.override.yaml";

  /** What a directory without a local compose file is sent. */
  public static final StackFiles NONE =
      new StackFiles(Map.of(), Map.of(), Map.of(), Set.of(), List.of(), List.of(), null);

  /** Keeps copies. */
  public StackFiles {
    files = new TreeMap<>(files);
    told = List.copyOf(told);
    details = List.copyOf(details);
  }

  /**
   * The files of a stack, as they are here now.
   *
   * @throws DeployException when there are more bytes than allowed, a file cannot be read, or
   *     {@code rpi.files} names nothing
   */
  public static StackFiles of(Stack stack) {
    Path composeFile = stack.composeFile();
    if (composeFile == null || !Files.isRegularFile(composeFile)) {
      return NONE;
    }
    return new FileCollector(composeFile, stack.files()).collect();
  }

  /** Whether nothing goes along. */
  public boolean isEmpty() {
    return files.isEmpty();
  }

  /** A line for each file: SHA-256, mode, path. The Pi keeps it as its record of what was sent. */
  public String manifest() {
    return files.values().stream().map(file -> file.line() + "\n").collect(Collectors.joining());
  }

  /** The SHA-256 of {@link #manifest}, as hexadecimal digits. */
  public String sha256() {
    return Digest.of(manifest().getBytes(StandardCharsets.UTF_8)).hex();
  }

  /** What containers of a service see: files, and directories with all that is in them. */
  public Set<String> usedBy(String service) {
    return usedBy.getOrDefault(service, Set.of());
  }

  /** The SHA-256 of each file that containers of a service see, by path. */
  public Map<String, String> of(String service) {
    Map<String, String> found = new TreeMap<>();
    files
        .values()
        .forEach(
            file -> {
              if (isIn(file.path(), usedBy(service))) {
                found.put(file.path(), file.sha256());
              }
            });
    return found;
  }

  /** Whether a service is made of the file, or its containers see it. */
  public boolean concerns(String service, String path) {
    return isIn(path, usedBy(service)) || shaping.getOrDefault(service, Set.of()).contains(path);
  }

  private static boolean isIn(String path, Set<String> places) {
    return places.contains(path)
        || places.contains(".")
        || places.stream().anyMatch(place -> path.startsWith(place + "/"));
  }
}
