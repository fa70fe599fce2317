package io.github.rpideploy.deploy;

import io.github.rpideploy.image.TestImages;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Tarballs for the services of the largest {@link RandomReactor}.
 *
 * @param old what ran before, by module
 * @param next what is built now
 */
record ReactorImages(List<Path> old, List<Path> next) {

  private static final int SERVICES = 8;

  static ReactorImages in(Path directory) {
    return new ReactorImages(made(directory, "old"), made(directory, "new"));
  }

  private static List<Path> made(Path directory, String version) {
    List<Path> tarballs = new ArrayList<>();
    for (int module = 0; module < SERVICES; module++) {
      String service = RandomReactor.service(module);
      tarballs.add(
          TestImages.named(service + ":latest")
              .layer("base", 2_000)
              .layer(version + " " + module, 300)
              .writeDocker(directory.resolve(service + "-" + version + ".tar")));
    }
    return tarballs;
  }
}
