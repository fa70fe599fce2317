package io.github.rpideploy.deploy.ship;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.files.LocalImage;
import io.github.rpideploy.deploy.spec.ServiceSpec;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.image.ImageTarball;
import io.github.rpideploy.image.Platform;
import io.github.rpideploy.image.tarball.TarballReader;
import io.github.rpideploy.image.tarball.Wanted;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A service with its image tarball, read and checked as far as possible without the Pi.
 *
 * @param spec what the user configured for it
 * @param tarball the image to deploy
 */
public record Candidate(ServiceSpec spec, ImageTarball tarball) {

  /**
   * Reads the tarball; nothing is sent anywhere.
   *
   * @param stack whose compose file tells which image is meant, should there be several
   * @param directory where a tarball is unpacked that is compressed as a whole
   * @throws DeployException when it is missing, damaged or built for another platform
   */
  public static Candidate read(ServiceSpec spec, Supplier<Stack> stack, Path directory) {
    return of(spec, () -> LocalImage.of(stack.get(), spec.service()), directory);
  }

  /** The same where no local compose file tells, and beside the tarball. */
  public static Candidate read(ServiceSpec spec) {
    return of(spec, Optional::empty, spec.imageTar().resolveSibling("rpi"));
  }

  private static Candidate of(ServiceSpec spec, Supplier<Optional<String>> image, Path directory) {
    Platform platform = Platform.parse(spec.platform());
    ImageTarball tarball =
        TarballReader.read(spec.imageTar(), new Wanted(platform, image, directory));
    tarball.requirePlatform(platform);
    return new Candidate(spec, tarball);
  }

  /** What the user configured for all of them. */
  public static List<ServiceSpec> specs(List<Candidate> candidates) {
    return candidates.stream().map(Candidate::spec).toList();
  }

  /** The name in the compose file. */
  public String service() {
    return spec.service();
  }
}
