package io.github.rpideploy.it.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.rpideploy.deploy.ship.Candidate;
import io.github.rpideploy.deploy.spec.Patience;
import io.github.rpideploy.deploy.spec.Policy;
import io.github.rpideploy.deploy.spec.ServiceSpec;
import io.github.rpideploy.deploy.spec.SmokeSpec;
import io.github.rpideploy.deploy.spec.Strategy;
import io.github.rpideploy.image.Compression;
import io.github.rpideploy.image.TestImages;
import io.github.rpideploy.image.TestTar;
import io.github.rpideploy.image.TestText;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/**
 * ARM64 images for a service that really runs: busybox, a layer that zstd makes smaller, one that
 * it does not, and a small one on top that says which version it is.
 */
public final class TestService {

  private final String name;
  private final String architecture;
  private final List<byte[]> base;

  /**
   * Reads the base image.
   *
   * @param name of the service
   */
  public TestService(String name) throws Exception {
    this(name, "arm64");
  }

  private TestService(String name, String architecture) throws Exception {
    this.name = name;
    this.architecture = architecture;
    this.base = layersOf(Lab.busybox(architecture));
  }

  /** One that the Pi in a box need not emulate, because it has a lot to do. */
  public static TestService fast(String name) throws Exception {
    return new TestService(name, "amd64");
  }

  /** What its images are for. */
  public String platform() {
    return "linux/" + architecture;
  }

  /** The compose file of auth-server alone, which need not be told to end. */
  public static final String COMPOSE =
      """
      services:
        auth-server:
          image: auth-server
          platform: linux/arm64
          stop_signal: SIGKILL
      """;

  /** Ends at once when it is told to. Processes are emulated, so there are not many of them. */
  public static final String RUNS = "trap exit TERM; while :; do sleep 60 & wait; done";

  /** What the image of a version prints with {@code cat /app/version}. */
  public static final String VERSION_FILE = "/app/version";

  /** A tarball of that version in Docker's format. */
  public Path tarball(Path directory, String version) {
    return image(version).writeDocker(directory.resolve(name + "-" + version + ".tar"));
  }

  public Candidate candidate(Path directory, String version) {
    return candidate(tarball(directory, version));
  }

  public Candidate candidate(Path tarball) {
    return candidate(tarball, Strategy.RECREATE);
  }

  /** The same, replaced in another way. */
  public Candidate candidate(Path tarball, Strategy strategy) {
    return Candidate.read(
        new ServiceSpec(
            name,
            tarball,
            platform(),
            SmokeSpec.NONE,
            Patience.of(Duration.ofMinutes(3)),
            tarball.resolveSibling(name + ".log"),
            new Policy(Policy.Rollback.SERVICE, false, 3, strategy)));
  }

  /** An image of that version that waits to be told to end. */
  public TestImages image(String version) {
    return image(version, "sh", "-c", RUNS);
  }

  /** An image of that version that runs a command. */
  public TestImages image(String version, String... command) {
    TestImages image = base();
    image
        .layer(TestImages.layerTar("app/words", TestText.words(name, 3_000_000)), Compression.GZIP)
        .layer(TestImages.layerTar("app/noise", TestText.noise(name, 300_000)), Compression.GZIP);
    return finished(image, version, command);
  }

  /** The same without the layers that take long to send; its shell runs a command. */
  public Path smallTarball(Path directory, String version, String command) {
    return finished(base(), version, "sh", "-c", command)
        .writeDocker(directory.resolve(name + "-" + version + ".tar"));
  }

  private TestImages base() {
    TestImages image = TestImages.named(name + ":latest").platform(platform());
    base.forEach(layer -> image.layer(layer, Compression.GZIP));
    return image;
  }

  private static TestImages finished(TestImages image, String version, String... command) {
    return image
        .layer(TestImages.layerTar("app/version", version), Compression.GZIP)
        .config(
            config -> {
              JsonObject settings = new JsonObject();
              JsonArray words = new JsonArray();
              List.of(command).forEach(words::add);
              settings.add("Cmd", words);
              config.add("config", settings);
            });
  }

  private static List<byte[]> layersOf(Path tarball) throws IOException {
    Map<String, byte[]> entries = TestTar.read(Files.readAllBytes(tarball));
    return JsonParser.parseString(new String(entries.get("manifest.json"), UTF_8))
        .getAsJsonArray()
        .get(0)
        .getAsJsonObject()
        .getAsJsonArray("Layers")
        .asList()
        .stream()
        .map(layer -> unpacked(entries.get(layer.getAsString())))
        .toList();
  }

  private static byte[] unpacked(byte[] gzip) {
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
