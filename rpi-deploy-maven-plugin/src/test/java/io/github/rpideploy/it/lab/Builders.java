package io.github.rpideploy.it.lab;

import java.nio.file.Path;
import java.util.List;

/** Other tools that make image tarballs. */
public final class Builders {

  private Builders() {}

  /**
   * What an Engine saves of images that it was given; afterwards it has them no more.
   *
   * @param given tarballs that it loads
   * @param names of what it saves, with blanks between them
   */
  public static Path saved(Lab engine, List<Path> given, String names, Path tarball)
      throws Exception {
    for (Path each : given) {
      engine.load(each);
    }
    engine.asRoot("docker save -o /tmp/saved.tar " + names + " && docker image rm -f " + names);
    Lab.run(
        List.of(
            "docker", "cp", "--quiet", engine.container() + ":/tmp/saved.tar", tarball.toString()));
    engine.asRoot("rm /tmp/saved.tar; docker image prune -af");
    return tarball;
  }

  /** Runs a shell command in that directory, where there are podman and skopeo. */
  public static String run(Path directory, String command) throws Exception {
    return Lab.script("builders", directory.toString(), command);
  }
}
