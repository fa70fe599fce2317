package io.github.rpideploy.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.luben.zstd.ZstdInputStream;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.Candidate;
import io.github.rpideploy.deploy.Deployer;
import io.github.rpideploy.deploy.LayerCompression;
import io.github.rpideploy.deploy.LockRequest;
import io.github.rpideploy.deploy.Pause;
import io.github.rpideploy.deploy.Stack;
import io.github.rpideploy.remote.Command;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.remote.Stdin;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.ssh.SshConnection;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every kind of Docker Engine that a Pi may have, with both of its image stores. */
class EngineMatrixIT {

  private static final String COMPOSE =
      """
      services:
        auth-server:
          image: auth-server
          platform: linux/arm64
          init: true
        other:
          image: other
          platform: linux/arm64
      """;

  @TempDir private Path directory;

  private final List<Event> events = new ArrayList<>();
  private @Nullable Lab pi;
  private @Nullable Runnable beforeLoad;

  @ParameterizedTest(name = "{0}, {1}")
  @CsvSource({
    "bookworm, overlay2, 20.",
    "trixie, overlay2, 26.",
    "trixie, containerd, 26.",
    "sid, overlay2, 28.",
    "sid, containerd, 28."
  })
  void a_release_arrives_whole_or_thin_and_what_fails_touches_nothing_live(
      String suite, String store, String engine) throws Exception {
    Lab lab = Lab.up("matrix", "--suite", suite, "--store", store);
    pi = lab;
    try (SshConnection connection = SshConnection.open(lab.settings(), events::add);
        LayerCompression compression = LayerCompression.in(directory.resolve("layers"))) {
      Path compose = Files.writeString(directory.resolve("compose.yaml"), COMPOSE);
      Stack stack = new Stack("rpi/matrix", compose);
      Deployer deployer =
          new Deployer(
              watched(connection),
              stack,
              new LockRequest("EngineMatrixIT", Duration.ZERO),
              compression,
              events::add,
              InstantSource.system(),
              Pause.SLEEP);
      Event.EngineFound found = last(Event.EngineFound.class);
      assertThat(found.version()).startsWith(engine);
      assertThat(found.store()).isEqualTo(store);

      TestService auth = new TestService("auth-server");
      wholeAndThin(deployer, auth);
      withoutTheOldRelease(deployer, auth);
      healed(deployer);
      refused(deployer, auth);
    } finally {
      lab.down();
    }
  }

  private void wholeAndThin(Deployer deployer, TestService auth) throws Exception {
    Candidate one = auth.candidate(directory, "one");
    int layers = one.tarball().layers().size();
    assertThat(planAndShip(deployer, one).layersSent()).isEqualTo(layers);
    assertRunsAndIsWhole(one, "one");
    deployer.recreate(one);
    deployer.verify(one);

    for (String version : List.of("two", "three")) {
      Candidate next = auth.candidate(directory, version);
      Event.Shipped shipped = planAndShip(deployer, next);
      assertThat(shipped.layersSent()).as(version).isEqualTo(1);
      assertThat(shipped.bytesSent()).as(version).isLessThan(10_000);
      assertRunsAndIsWhole(next, version);
    }
    assertThat(planAndShip(deployer, one).bytesSent()).isZero();
  }

  private void withoutTheOldRelease(Deployer deployer, TestService auth) throws Exception {
    Candidate two = auth.candidate(directory, "two");
    Candidate three = auth.candidate(directory, "three");
    lab().ssh("docker image rm " + tag(two));
    Candidate four = auth.candidate(directory, "four");
    assertThat(planAndShip(deployer, four).layersSent()).isEqualTo(1);
    lab().ssh("docker image rm " + tag(three));
    assertRunsAndIsWhole(four, "four");
  }

  /** What the other service's layers lie on goes between the survey and the load. */
  private void healed(Deployer deployer) throws Exception {
    TestService other = new TestService("other");
    Candidate old = other.candidate(directory, "old");
    planAndShip(deployer, old);
    Candidate next = other.candidate(directory, "next");
    events.clear();
    beforeLoad =
        () -> {
          try {
            lab().ssh("docker image rm " + tag(old));
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        };

    deployer.ship(List.of(next));

    assertThat(events)
        .filteredOn(Event.Warning.class::isInstance)
        .singleElement()
        .extracting(warning -> ((Event.Warning) warning).text())
        .asString()
        .contains("other is not usable as it is on", "so it is sent whole");
    assertThat(last(Event.Shipped.class).layersSent()).isGreaterThan(1);
    assertRunsAndIsWhole(next, "next");
  }

  private void refused(Deployer deployer, TestService auth) throws Exception {
    String live = live();
    Path corrupt = auth.tarball(directory, "corrupt");
    Candidate candidate = auth.candidate(corrupt);
    var layer = candidate.tarball().layers().get(candidate.tarball().layers().size() - 1);
    byte[] bytes = Files.readAllBytes(corrupt);
    bytes[(int) (layer.offset() + layer.size() / 2)] ^= 1;
    Files.write(corrupt, bytes);
    assertThat(failureOf(deployer, candidate))
        .hasMessageContaining("corrupt.tar is damaged: layer " + layer.entry());
    assertThat(live()).isEqualTo(live);

    // What the tarball states fits, but the layer is not the one of the config: the Engine sees it.
    Path lying =
        auth.image("lying")
            .config(EngineMatrixIT::changeLastDiffId)
            .writeDocker(directory.resolve("lying.tar"));
    Candidate lie = auth.candidate(lying);
    // After a failure a deployer does nothing more, so each has one of its own.
    deployer.close();
    try (Deployer again = again()) {
      assertThat(failureOf(again, lie)).hasMessageContaining("auth-server did not arrive usable");
    }
    assertThat(live()).isEqualTo(live);
    assertThat(lab().ssh("docker image ls -q " + tag(lie))).isEmpty();
    assertThat(lab().ssh("docker image ls -q " + tag(candidate))).isEmpty();

    Candidate good = auth.candidate(directory, "good");
    try (Deployer again = again()) {
      planAndShip(again, good);
    }
    assertRunsAndIsWhole(good, "good");
  }

  private Deployer again() throws Exception {
    return new Deployer(
        SshConnection.open(lab().settings(), events::add),
        new Stack("rpi/matrix", directory.resolve("compose.yaml")),
        events::add,
        InstantSource.system(),
        Pause.SLEEP);
  }

  private static DeployException failureOf(Deployer deployer, Candidate candidate) {
    return catchThrowableOfType(DeployException.class, () -> deployer.ship(List.of(candidate)));
  }

  private static void changeLastDiffId(JsonObject config) {
    JsonArray diffIds = config.getAsJsonObject("rootfs").getAsJsonArray("diff_ids");
    String last = diffIds.remove(diffIds.size() - 1).getAsString();
    diffIds.add(last.substring(0, last.length() - 1) + (last.endsWith("0") ? "1" : "0"));
  }

  /** The plan before and the ship after agree on layers and bytes. */
  private Event.Shipped planAndShip(Deployer deployer, Candidate candidate) {
    deployer.plan(List.of(candidate));
    Event.Planned planned = last(Event.Planned.class);
    deployer.ship(List.of(candidate));
    Event.Shipped shipped = last(Event.Shipped.class);
    assertThat(shipped.bytesSent()).isEqualTo(planned.bytesSent());
    assertThat(planned.layers().stream().filter(Event.PlannedLayer::sent))
        .hasSize(shipped.layersSent());
    return shipped;
  }

  private void assertRunsAndIsWhole(Candidate candidate, String version) throws Exception {
    String tag = tag(candidate);
    assertThat(
            lab()
                .ssh(
                    "docker run --rm --platform linux/arm64 "
                        + tag
                        + " cat "
                        + TestService.VERSION_FILE))
        .endsWith(version);
    Map<String, byte[]> saved = files(lab().sshBytes("docker save " + tag));
    JsonObject image = json(saved, "manifest.json").getAsJsonArray().get(0).getAsJsonObject();
    List<JsonElement> files = image.getAsJsonArray("Layers").asList();
    List<JsonElement> diffIds =
        json(saved, image.get("Config").getAsString())
            .getAsJsonObject()
            .getAsJsonObject("rootfs")
            .getAsJsonArray("diff_ids")
            .asList();
    assertThat(files).hasSameSizeAs(diffIds).hasSameSizeAs(candidate.tarball().layers());
    for (int i = 0; i < files.size(); i++) {
      byte[] layer = saved.get(files.get(i).getAsString());
      assertThat(layer).as("layer %s of the saved %s", i, tag).isNotNull();
      assertThat("sha256:" + sha256(unpacked(Objects.requireNonNull(layer))))
          .isEqualTo(diffIds.get(i).getAsString())
          .isEqualTo(candidate.tarball().layers().get(i).diffId().toString());
    }
  }

  /** The image and the container that are live. */
  private String live() throws Exception {
    return lab()
        .ssh(
            "docker image inspect -f '{{.Id}}' auth-server:latest;"
                + " docker inspect -f '{{.Id}} {{.State.Status}} {{.State.StartedAt}}'"
                + " $(docker ps -aq --filter label=com.docker.compose.service=auth-server)");
  }

  private Lab lab() {
    return Objects.requireNonNull(pi);
  }

  private <T extends Event> T last(Class<T> kind) {
    return events.stream()
        .filter(kind::isInstance)
        .map(kind::cast)
        .reduce((a, b) -> b)
        .orElseThrow();
  }

  private static String tag(Candidate candidate) {
    return candidate.tarball().releaseTag(candidate.tarball().tag()).familiar();
  }

  private static JsonElement json(Map<String, byte[]> entries, String name) {
    return JsonParser.parseString(new String(Objects.requireNonNull(entries.get(name)), UTF_8));
  }

  /** The files of an archive; what Docker saves has folders too. */
  private static Map<String, byte[]> files(byte[] archive) throws IOException {
    Map<String, byte[]> files = new HashMap<>();
    try (TarArchiveInputStream tar = new TarArchiveInputStream(new ByteArrayInputStream(archive))) {
      for (TarArchiveEntry entry; (entry = tar.getNextEntry()) != null; ) {
        if (entry.isFile()) {
          files.put(entry.getName(), tar.readAllBytes());
        }
      }
    }
    return files;
  }

  /** As Engines save layers: plain, gzip or zstd. */
  private static byte[] unpacked(byte[] layer) throws IOException {
    InputStream plain = new ByteArrayInputStream(layer);
    boolean gzip = layer[0] == 0x1f && layer[1] == (byte) 0x8b;
    boolean zstd = layer[0] == 0x28 && layer[1] == (byte) 0xb5;
    try (InputStream in =
        gzip ? new GZIPInputStream(plain) : zstd ? new ZstdInputStream(plain) : plain) {
      return in.readAllBytes();
    }
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  /** The same Pi; what is to happen just before a load happens then, once. */
  private RemoteHost watched(RemoteHost host) {
    return new RemoteHost() {
      @Override
      public String name() {
        return host.name();
      }

      @Override
      public ExecResult exec(Command command, Stdin stdin, OutputStream stdout) {
        return host.exec(command, stdin, stdout);
      }

      @Override
      public ExecResult exec(Command command, Stdin stdin) {
        Runnable action = beforeLoad;
        if (action != null && command.argv().get(2).contains("load --quiet")) {
          beforeLoad = null;
          action.run();
        }
        return host.exec(command, stdin);
      }

      @Override
      public Socket socket() {
        return host.socket();
      }
    };
  }
}
