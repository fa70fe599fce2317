package io.github.rpideploy.deploy;

import io.github.rpideploy.deploy.ship.Candidate;
import io.github.rpideploy.deploy.spec.Patience;
import io.github.rpideploy.deploy.spec.Policy;
import io.github.rpideploy.deploy.spec.ServiceSpec;
import io.github.rpideploy.deploy.spec.SmokeSpec;
import io.github.rpideploy.image.TestImages;
import java.nio.file.Path;
import java.time.Duration;

/** What users say about services, and what they build. */
final class Specs {

  private Specs() {}

  /** No smoke test, half a minute to become good, and no more said. */
  static ServiceSpec of(String service, Path tarball, Path log) {
    return of(service, tarball, log, SmokeSpec.NONE);
  }

  static ServiceSpec of(String service, Path tarball, Path log, SmokeSpec smoke) {
    return of(service, tarball, log, smoke, Policy.DEFAULT);
  }

  static ServiceSpec of(String service, Path tarball, Path log, Policy policy) {
    return of(service, tarball, log, SmokeSpec.NONE, policy);
  }

  /** A service with a tarball, which is another for each build, and its log in {@code rpi}. */
  static Candidate candidate(Path directory, String service, String build, Policy policy) {
    return candidate(directory, service, build, SmokeSpec.NONE, policy);
  }

  /** The same with a smoke test. */
  static Candidate candidate(
      Path directory, String service, String build, SmokeSpec smoke, Policy policy) {
    Path tarball = directory.resolve(service + "-" + build + ".tar");
    TestImages.typical(service + ":latest").layer(service + build, 500).writeDocker(tarball);
    return Candidate.read(
        of(service, tarball, directory.resolve("rpi").resolve(service + ".log"), smoke, policy));
  }

  private static ServiceSpec of(
      String service, Path tarball, Path log, SmokeSpec smoke, Policy policy) {
    Patience patience = Patience.of(Duration.ofSeconds(30));
    return new ServiceSpec(service, tarball, "linux/arm64", smoke, patience, log, policy);
  }
}
