package io.github.rpideploy.maven.parameters;

import io.github.rpideploy.DeployException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The local compose files of a stack.
 *
 * @param first the one that becomes {@code compose.yaml} on the Pi; null to keep what is there
 * @param second the one that is merged over it, {@code compose.override.yaml} on the Pi; null
 *     without one
 */
public record ComposeFiles(@Nullable Path first, @Nullable Path second) {

  /** What compose looks for, in its order. */
  private static final List<String> NAMES =
      List.of("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml");

  /**
   * Those that are named, or the one that compose would find.
   *
   * @param named one file or two, with a comma between them; null for none
   * @param root where relative paths start
   * @throws DeployException when a named file is not there, or there are more than two
   */
  public static ComposeFiles of(@Nullable String named, Path root) {
    if (named == null || named.isBlank()) {
      return new ComposeFiles(
          NAMES.stream().map(root::resolve).filter(Files::isRegularFile).findFirst().orElse(null),
          null);
    }
    List<Path> files = new ArrayList<>();
    for (String name : named.split(",", -1)) {
      Path file = PathParameter.parse("Parameter composeFile", name.strip(), root);
      if (file != null) {
        files.add(existing(file, root));
      }
    }
    if (files.isEmpty() || files.size() > 2) {
      throw new DeployException(
          "Parameter composeFile names " + files.size() + " files, but one or two are possible",
          "On the Pi they are compose.yaml and compose.override.yaml, which docker compose reads"
              + " there by itself. Let the first one include the others: include: [a.yaml,"
              + " b.yaml]");
    }
    return new ComposeFiles(files.get(0), files.size() < 2 ? null : files.get(1));
  }

  private static Path existing(Path file, Path root) {
    if (!Files.isRegularFile(file)) {
      throw new DeployException(
          "There is no compose file " + file,
          "Name the right one with -Drpi.composeFile=path/to/compose.yaml; relative paths start at "
              + root);
    }
    return file;
  }
}
