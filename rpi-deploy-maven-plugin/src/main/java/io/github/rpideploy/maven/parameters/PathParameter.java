package io.github.rpideploy.maven.parameters;

import io.github.rpideploy.DeployException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Paths as people write them. */
public final class PathParameter {

  private PathParameter() {}

  /**
   * Expands {@code ~/} as a shell would.
   *
   * @param what the text is, for messages: {@code Parameter composeFile}
   * @param base where a relative path starts
   * @return null when none is given
   * @throws DeployException when no path can be called so
   */
  public static @Nullable Path parse(String what, @Nullable String text, Path base) {
    if (text == null || text.isBlank()) {
      return null;
    }
    try {
      return text.startsWith("~/")
          ? Path.of(System.getProperty("user.home"), text.substring(2))
          : base.resolve(text);
    } catch (InvalidPathException e) {
      throw new DeployException(
          what + " is " + text + ", which cannot be a path here: " + e.getReason(),
          "Correct it; for letters beyond ASCII, Java needs a locale that has them: LC_ALL=C.UTF-8"
              + " mvn …");
    }
  }
}
