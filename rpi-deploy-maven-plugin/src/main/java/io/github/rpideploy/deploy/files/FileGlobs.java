package io.github.rpideploy.deploy.files;

import io.github.rpideploy.DeployException;
import java.nio.file.FileSystems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.PatternSyntaxException;

/** The globs of {@code rpi.files}: those that name files, and those that leave some out. */
final class FileGlobs {

  private final List<String> wanted;
  private final List<String> unwanted;

  FileGlobs(List<String> globs) {
    List<String> plain = globs.stream().map(FileGlobs::relative).toList();
    this.wanted = plain.stream().filter(glob -> !glob.startsWith("!")).toList();
    this.unwanted =
        plain.stream().filter(glob -> glob.startsWith("!")).map(glob -> glob.substring(1)).toList();
  }

  private static String relative(String glob) {
    String path = glob.startsWith("!") ? glob.substring(1) : glob;
    String normalized = Names.isAbsolute(path) ? null : Names.normalized("", path);
    if (normalized == null) {
      throw new DeployException(
          "rpi.files names " + glob + ", which is outside of the directory of the compose file",
          "Only what is in that directory is sent; copy it there");
    }
    return glob.startsWith("!") ? "!" + normalized : normalized;
  }

  List<String> wanted() {
    return wanted;
  }

  /** Whether a path, or all that is in a directory whose name ends with a slash, is left out. */
  boolean excludes(String path) {
    boolean directory = path.endsWith("/");
    String name = directory ? path.substring(0, path.length() - 1) : path;
    return unwanted.stream()
        .anyMatch(
            glob ->
                directory ? glob.equals(name + "/**") || glob.equals(name) : matches(glob, name));
  }

  /** Whether one names this {@code .env} by its name, not only with a star. */
  boolean namesEnv(String path) {
    return wanted.stream().anyMatch(glob -> Names.last(glob).equals(".env") && matches(glob, path));
  }

  /**
   * Whether a glob means a file: by its name, by that of a directory that it is in, or by stars.
   */
  static boolean matches(String glob, String path) {
    if (glob.equals(".") || path.equals(glob) || path.startsWith(glob + "/")) {
      return true;
    }
    try {
      return FileSystems.getDefault().getPathMatcher("glob:" + glob).matches(Path.of(path));
    } catch (PatternSyntaxException | InvalidPathException e) {
      return false;
    }
  }

  /** The directory, or the file, below which a glob can mean anything. */
  static String start(String glob) {
    StringBuilder start = new StringBuilder();
    for (String part : glob.split("/", -1)) {
      if (part.matches(".*[*?\\[{\\\\].*")) {
        break;
      }
      start.append(start.isEmpty() ? "" : "/").append(part);
    }
    return start.isEmpty() ? "." : start.toString();
  }
}
