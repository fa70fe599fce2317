package io.github.rpideploy.deploy.spec;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What goes along with the compose file.
 *
 * @param override a second local compose file, merged over the first one; null without one
 * @param globs more files, relative to the compose file's directory; one that begins with {@code !}
 *     names what is not sent
 * @param limit how many bytes all files may have together
 * @param overwrite whether files that somebody has changed on the Pi are overwritten
 */
public record FilesSpec(
    @Nullable Path override, List<String> globs, long limit, boolean overwrite) {

  /** What the compose file names, at most 10 MB. */
  public static final FilesSpec DEFAULT = new FilesSpec(null, List.of(), 10_000_000, false);

  /** Keeps a copy of the list. */
  public FilesSpec {
    globs = List.copyOf(globs);
  }
}
