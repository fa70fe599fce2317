package io.github.rpideploy.deploy.ship;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.spec.ServiceSpec;
import io.github.rpideploy.image.ImageTarball;
import io.github.rpideploy.image.Platform;
import io.github.rpideploy.image.TarballReader;
import java.util.List;

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
   * @throws DeployException when it is missing, damaged or built for another platform
   */
  public static Candidate read(ServiceSpec spec) {
    ImageTarball tarball = TarballReader.read(spec.imageTar());
    tarball.requirePlatform(Platform.parse(spec.platform()));
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
