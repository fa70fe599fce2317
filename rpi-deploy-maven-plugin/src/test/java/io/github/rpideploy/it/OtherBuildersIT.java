package io.github.rpideploy.it;

import static io.github.rpideploy.image.Compression.GZIP;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.deploy.Deployer;
import io.github.rpideploy.deploy.Deployers;
import io.github.rpideploy.deploy.ship.Candidate;
import io.github.rpideploy.deploy.spec.ServiceSpec;
import io.github.rpideploy.deploy.spec.SmokeSpec;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.deploy.verify.Pause;
import io.github.rpideploy.image.OtherTarballs;
import io.github.rpideploy.image.TestImages;
import io.github.rpideploy.image.TestText;
import io.github.rpideploy.it.lab.Builders;
import io.github.rpideploy.it.lab.Lab;
import io.github.rpideploy.it.lab.SavedImage;
import io.github.rpideploy.it.lab.TestService;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.ssh.SshConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tarballs that other tools than Jib have really written. */
class OtherBuildersIT {

  private static final List<String> SERVICES =
      List.of("docker-20", "docker-26", "docker-28", "podman", "podman-oci", "skopeo");

  @TempDir private Path directory;

  private final List<Event> events = new ArrayList<>();

  @Test
  void tarballs_of_other_builders_arrive_whole_and_then_thin_on_both_stores() throws Exception {
    Lab oldest = Lab.up("oldest", "--suite", "bookworm");
    Lab overlay2 = Lab.up("overlay2", "--store", "overlay2");
    Lab containerd = Lab.up("containerd", "--suite", "sid", "--store", "containerd");
    try {
      Map<String, List<Path>> tarballs = new LinkedHashMap<>();
      // Both versions of a service are in one archive.
      tarballs.put("docker-20", docker20(oldest));
      tarballs.put("docker-26", docker26(overlay2));
      tarballs.put("docker-28", docker28(containerd));
      tarballs.putAll(others());
      for (Lab pi : List.of(overlay2, containerd)) {
        arriveOn(pi, tarballs);
      }
    } finally {
      oldest.down();
      overlay2.down();
      containerd.down();
    }
  }

  /** What a tool writes of a version. */
  private interface Saving {
    Path of(String version) throws Exception;
  }

  private static List<Path> both(Saving saving) throws Exception {
    return List.of(saving.of("one"), saving.of("two"));
  }

  /** What an Engine saves of images that it was given. */
  private Path saved(Lab engine, String service, String version, String names, Path... given)
      throws Exception {
    Path to = directory.resolve(service + "-" + version + ".tar");
    return Builders.saved(engine, List.of(given), names, to);
  }

  /** Each image has a layer twice, which is a link the second time, and there is another image. */
  private List<Path> docker20(Lab engine) throws Exception {
    return both(
        version ->
            saved(
                engine,
                "docker-20",
                version,
                "docker-20 other",
                image("docker-20", version).writeDocker(directory.resolve("twice.tar")),
                new TestService("other").tarball(directory, version)));
  }

  private List<Path> docker26(Lab engine) throws Exception {
    return both(
        version ->
            saved(
                engine,
                "docker-26",
                version,
                "docker-26",
                image("docker-26", version).writeDocker(directory.resolve("26.tar"))));
  }

  /** An image that was built for two platforms and one more that the Engine does not have. */
  private List<Path> docker28(Lab engine) throws Exception {
    return both(
        version -> {
          TestImages amd64 =
              TestImages.named("docker-28")
                  .platform("linux/amd64")
                  .layer(TestImages.layerTar("amd64", version), GZIP);
          TestImages missing = TestImages.named("docker-28").platform("linux/s390x").layer("x", 90);
          Path built =
              Files.write(
                  directory.resolve("28.tar"),
                  OtherTarballs.platforms(
                          "docker-28",
                          List.of(image("docker-28", version), amd64),
                          List.of(missing))
                      .bytes());
          return saved(engine, "docker-28", version, "docker-28", built);
        });
  }

  /** What podman builds is called localhost/podman; the others are compressed in two ways. */
  private Map<String, List<Path>> others() throws Exception {
    List<String> commands = new ArrayList<>();
    for (String service : List.of("podman", "podman-oci", "skopeo")) {
      image(service, "base").writeDocker(directory.resolve(service + ".tar"));
    }
    for (String version : List.of("one", "two")) {
      image("skopeo", version).writeDocker(directory.resolve("skopeo-in-" + version + ".tar"));
      for (String service : List.of("podman", "podman-oci")) {
        String file = service + "-version-" + version;
        Files.writeString(directory.resolve(file), file.replace("-version-", " "));
        Files.writeString(
            directory.resolve("Containerfile." + service + "." + version),
            "FROM localhost/" + service + ":latest\nCOPY " + file + " /app/version\n");
      }
    }
    for (String service : List.of("podman", "podman-oci")) {
      commands.add("podman load -q -i " + service + ".tar");
      for (String version : List.of("one", "two")) {
        String tag = "localhost/" + service + ":" + version;
        commands.add(
            "podman build -q --pull=never --platform linux/arm64 -t %s -f Containerfile.%s.%s ."
                .formatted(tag, service, version));
        commands.add(
            service.equals("podman")
                ? "podman save -q -o podman-%s.tar %s".formatted(version, tag)
                : "podman save -q --format oci-archive -o x-%s.tar %s && gzip -c x-%s.tar >podman-oci-%s.tar.gz"
                    .formatted(version, tag, version, version));
      }
    }
    for (String version : List.of("one", "two")) {
      commands.add(
          "skopeo copy -q --dest-compress-format zstd docker-archive:skopeo-in-%s.tar oci-archive:skopeo-%s.tar"
              .formatted(version, version));
    }
    commands.add("chmod a+r *.tar *.gz");
    Builders.run(directory, String.join("\n", commands));
    return Map.of(
        "podman", tarballs("podman-%s.tar"),
        "podman-oci", tarballs("podman-oci-%s.tar.gz"),
        "skopeo", tarballs("skopeo-%s.tar"));
  }

  private List<Path> tarballs(String name) throws Exception {
    return both(version -> directory.resolve(name.formatted(version)));
  }

  /** Below the layer that changes there is one that is there twice. */
  private static TestImages image(String service, String version) throws Exception {
    byte[] noise = TestImages.layerTar("app/own", TestText.noise(service, 100_000));
    return new TestService(service)
        .image("base")
        .layer(noise, GZIP)
        .layer(noise, GZIP)
        .layer(TestImages.layerTar("app/version", service + " " + version), GZIP);
  }

  private void arriveOn(Lab pi, Map<String, List<Path>> tarballs) throws Exception {
    try (SshConnection connection = SshConnection.open(pi.settings(), events::add)) {
      for (int i = 0; i < 2; i++) {
        Stack stack = stack(i == 0 ? "one" : "two");
        try (Deployer deployer =
            Deployers.connect(
                connection, stack, events::add, InstantSource.system(), Pause.SLEEP)) {
          for (String service : SERVICES) {
            Path tarball = tarballs.get(service).get(i);
            events.clear();
            Candidate candidate =
                Candidate.read(spec(service, tarball), () -> stack, directory.resolve("rpi"));
            deployer.ship(List.of(candidate));
            assertArrived(pi, candidate, service, i == 0 ? "one" : "two", i > 0);
          }
        }
      }
    }
  }

  private Stack stack(String version) throws Exception {
    String services =
        SERVICES.stream()
            .map(
                service ->
                    "  %s: {image: '%s:%s', platform: linux/arm64}\n"
                        .formatted(
                            service, service, service.startsWith("podman") ? version : "latest"))
            .collect(Collectors.joining());
    return new Stack(
        "rpi/builders",
        Files.writeString(directory.resolve("compose.yaml"), "services:\n" + services));
  }

  private ServiceSpec spec(String service, Path tarball) {
    return new ServiceSpec(
        service,
        tarball,
        "linux/arm64",
        SmokeSpec.NONE,
        Duration.ofMinutes(3),
        directory.resolve(service + ".log"));
  }

  private void assertArrived(
      Lab pi, Candidate candidate, String service, String version, boolean thin) throws Exception {
    Event.Shipped shipped =
        events.stream()
            .filter(Event.Shipped.class::isInstance)
            .map(Event.Shipped.class::cast)
            .findFirst()
            .orElseThrow(() -> new AssertionError(service + ": " + events));
    assertThat(events).as(service).doesNotHaveAnyElementsOfTypes(Event.Warning.class);
    if (thin) {
      assertThat(shipped.layersSent()).as(service + " layers").isEqualTo(1);
      assertThat(shipped.bytesSent()).as(service + " bytes").isLessThan(30_000);
    } else {
      assertThat(shipped.bytesSent()).as(service + " bytes").isGreaterThan(100_000);
      // What was left out is looked at when it was.
      return;
    }
    String tag =
        pi.ssh("docker image ls --format '{{.Repository}}:{{.Tag}}' " + service)
            .lines()
            .filter(line -> line.contains(candidate.tarball().configDigest().shortHex()))
            .findFirst()
            .orElseThrow();
    assertThat(pi.ssh("docker run --rm --platform linux/arm64 " + tag + " cat /app/version"))
        .as(service)
        .endsWith(version);
    SavedImage.of(pi, tag).assertIsWhole(candidate.tarball());
  }
}
