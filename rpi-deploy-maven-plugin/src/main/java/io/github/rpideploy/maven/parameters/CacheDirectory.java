package io.github.rpideploy.maven.parameters;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** Where this machine keeps files that can be made again. */
public final class CacheDirectory {

  private CacheDirectory() {}

  /** Our place on this machine. */
  public static Path here() {
    return of(
        System.getProperty("os.name"), Path.of(System.getProperty("user.home")), System.getenv());
  }

  /**
   * Our place by the custom of the operating system: below {@code %LOCALAPPDATA%} on Windows,
   * {@code ~/Library/Caches} on macOS, and {@code $XDG_CACHE_HOME} or {@code ~/.cache} elsewhere.
   *
   * @param os the system property {@code os.name}
   */
  static Path of(String os, Path home, Map<String, String> environment) {
    String name = os.toLowerCase(Locale.ROOT);
    String configured =
        name.startsWith("windows")
            ? environment.get("LOCALAPPDATA")
            : environment.get("XDG_CACHE_HOME");
    Path root;
    if (configured != null && Path.of(configured).isAbsolute()) {
      root = Path.of(configured);
    } else if (name.startsWith("mac")) {
      root = home.resolve("Library/Caches");
    } else {
      root = home.resolve(".cache");
    }
    return root.resolve("rpi-deploy");
  }
}
