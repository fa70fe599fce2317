package io.github.rpideploy.deploy.ship;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.docker.Engine;
import io.github.rpideploy.docker.EngineContents;
import io.github.rpideploy.docker.ReleaseState;
import io.github.rpideploy.docker.SentLayers;
import io.github.rpideploy.docker.file.ComposeFile;
import io.github.rpideploy.image.Layer;
import io.github.rpideploy.image.Recompressor;
import io.github.rpideploy.image.TestImages;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What two releases with a common layer need on a Pi, and what it has already. */
class ShipmentTest {

  private static final EngineContents.FreeSpace DOCKER =
      new EngineContents.FreeSpace("/var/lib/docker", 9);
  private static final EngineContents.FreeSpace CONTAINERD =
      new EngineContents.FreeSpace("/var/lib/containerd", 8);

  @TempDir private Path directory;

  private Release auth;
  private Release db;

  @BeforeEach
  void two_releases() {
    auth = release("auth", TestImages.typical("auth"));
    db = release("db", TestImages.named("db").layer("base", 30_000).layer("own", 500));
  }

  @Test
  void each_release_has_its_share_and_what_they_share_counts_for_the_first() {
    Shipment shipment = shipment(holdings("overlay2"));

    List<Shipment.Share> shares = shipment.shares();

    assertThat(shares.get(0).sent()).isEqualTo(auth.tarball().layers());
    assertThat(shares.get(1).sent()).containsExactly(db.tarball().layers().get(1));
    assertThat(shares).allMatch(share -> share.bytes() > 0 && share.written() > share.bytes());
    assertThat(shares.get(0).bytes() + shares.get(1).bytes()).isEqualTo(shipment.archive().bytes());
    assertThat(shares.get(0).written() + shares.get(1).written()).isEqualTo(shipment.written());
  }

  @Test
  void on_the_containerd_store_it_is_recorded_what_every_layer_was_sent_as() {
    List<Layer> layers = db.tarball().layers();

    assertThat(note(shipment(holdings(Engine.CONTAINERD))).layers())
        .extracting(SentLayers.Sent::digest, SentLayers.Sent::size, SentLayers.Sent::compression)
        .containsExactly(tuple(layers.get(0)), tuple(layers.get(1)));
    assertThat(note(shipment(holdings("overlay2"))).layers()).isEmpty();
  }

  private static Tuple tuple(Layer layer) {
    return Tuple.tuple(layer.blobDigest().hex(), layer.size(), 'g');
  }

  private static SentLayers note(Shipment shipment) {
    return Objects.requireNonNull(shipment.checks().get(1).note());
  }

  @Test
  void what_was_recorded_is_not_sent_again() {
    SentLayers sent = note(shipment(holdings(Engine.CONTAINERD)));
    EngineContents.Held held = held(db, Optional.of(sent));

    Shipment next = shipment(holdings(Engine.CONTAINERD, held));

    assertThat(db.tarball().layers()).noneMatch(next.plan()::sends);
    assertThat(next.plan().isThin()).isTrue();
  }

  @Test
  void a_release_was_proved_when_there_is_a_record_of_it() {
    Holdings unproved = holdings("overlay2", held(db, Optional.empty()));
    Holdings proved = holdings("overlay2", held(db, Optional.of(new SentLayers(List.of()))));

    assertThat(proved.isProved(db)).isTrue();
    assertThat(unproved.isProved(db)).isFalse();
    assertThat(proved.isProved(auth)).isFalse();
    assertThat(unproved.state(db))
        .isEqualTo(new ReleaseState.Usable("sha256:" + "1".repeat(64), diffIds(db)));
    assertThat(unproved.state(auth)).isEqualTo(new ReleaseState.Absent(""));
  }

  @Test
  void the_space_that_counts_is_where_the_store_writes() {
    EngineContents both = new EngineContents(List.of(), List.of(DOCKER, CONTAINERD));
    EngineContents one = new EngineContents(List.of(), List.of(DOCKER));
    EngineContents none = new EngineContents(List.of(), List.of());

    assertThat(Holdings.of(engine("overlay2"), both).space()).contains(DOCKER);
    assertThat(Holdings.of(engine(Engine.CONTAINERD), both).space()).contains(CONTAINERD);
    assertThat(Holdings.of(engine(Engine.CONTAINERD), one).space())
        .as("dockerd runs containerd")
        .contains(DOCKER);
    assertThat(Holdings.of(engine(Engine.CONTAINERD), none).space()).isEmpty();
  }

  @Test
  void nothing_is_sent_to_a_Pi_that_is_one_byte_too_small() {
    Shipment shipment = shipment(holdings("overlay2"));
    long needed = shipment.written();

    assertThatCode(() -> withSpace(needed).requireSpace(shipment, "pi")).doesNotThrowAnyException();
    assertThat(
            catchThrowableOfType(
                DeployException.class,
                () -> withSpace(needed - 1).requireSpace(shipment, "pi@here:22")))
        .hasMessageStartingWith("auth, db needs about ")
        .hasMessageContaining("in /var/lib/docker on pi@here:22, but only")
        .hasMessageEndingWith(": 1 B is missing")
        .extracting(DeployException::hint)
        .asString()
        .startsWith("Nothing was sent.");
  }

  @Test
  void progress_is_told_of_every_byte() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    List<Long> progress = new ArrayList<>();
    try (OutputStream counting = new CountingOutputStream(out, progress::add)) {
      counting.write(7);
      counting.write(new byte[] {1, 2, 3, 4}, 1, 2);
      counting.write(9);
    }

    assertThat(progress).containsExactly(1L, 3L, 4L);
    assertThat(out.toByteArray()).containsExactly(7, 2, 3, 9);
  }

  private Holdings withSpace(long bytes) {
    return Holdings.of(
        engine("overlay2"),
        new EngineContents(
            List.of(), List.of(new EngineContents.FreeSpace("/var/lib/docker", bytes))));
  }

  private Shipment shipment(Holdings holdings) {
    return Shipment.of(List.of(auth, db), holdings.store(), any -> false, Recompressor.off());
  }

  private static Holdings holdings(String store, EngineContents.Held... held) {
    return Holdings.of(engine(store), new EngineContents(List.of(held), List.of()));
  }

  private static EngineContents.Held held(Release release, Optional<SentLayers> note) {
    return new EngineContents.Held(
        "1".repeat(64), Set.of(release.tag().familiar()), diffIds(release), note);
  }

  private static List<String> diffIds(Release release) {
    return release.tarball().layers().stream().map(layer -> layer.diffId().hex()).toList();
  }

  private static Engine engine(String store) {
    return new Engine("26.1.5", store, "linux", "arm64", Set.of(), "/var/lib/docker");
  }

  private Release release(String service, TestImages image) {
    ComposeFile file = new ComposeFile(Map.of(service, ComposeFile.Service.of(service)));
    return Release.of(ReleaseTest.candidate(directory, service, image), file, "there", "pi");
  }
}
