package io.github.rpideploy.deploy;

import io.github.rpideploy.deploy.spec.Patience;
import io.github.rpideploy.deploy.spec.Policy;
import io.github.rpideploy.deploy.spec.ServiceSpec;
import io.github.rpideploy.deploy.spec.SmokeSpec;
import java.nio.file.Path;
import java.time.Duration;

/** What users say about services. */
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

  private static ServiceSpec of(
      String service, Path tarball, Path log, SmokeSpec smoke, Policy policy) {
    Patience patience = Patience.of(Duration.ofSeconds(30));
    return new ServiceSpec(service, tarball, "linux/arm64", smoke, patience, log, policy);
  }
}
