package io.github.rpideploy.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.image.tarball.TarballReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a {@link Recompressor} does while its thread is busy, which is as long as a test wants. */
class RecompressorWaitingTest {

  private static final int MIB = 1 << 20;

  private static final String WORKER = "rpi-deploy compresses layers";

  @TempDir private Path directory;

  private final CountDownLatch go = new CountDownLatch(1);
  private final CompletableFuture<Thread> worker = new CompletableFuture<>();
  private LayerCache cache;
  private Recompressor recompressor;
  private ImageTarball image;
  private TarballLayer first;
  private TarballLayer second;

  @BeforeEach
  void two_layers() {
    cache = LayerCache.in(directory.resolve("cache"));
    recompressor = new Recompressor(cache, this::nanoTime);
    image =
        TarballReader.read(
            TestImages.named("x")
                .layer(TestImages.layerTar("a", "a".repeat(2 * MIB)), Compression.NONE)
                .layer(TestImages.layerTar("b", "b".repeat(2 * MIB)), Compression.NONE)
                .writeDocker(directory.resolve("x.tar")));
    first = new TarballLayer(image.file(), image.layers().get(0));
    second = new TarballLayer(image.file(), image.layers().get(1));
  }

  /** Until its thread has ended, which writes to the directory. */
  @AfterEach
  void end() throws InterruptedException {
    go.countDown();
    recompressor.close();
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().equals(WORKER)) {
        thread.join(TimeUnit.MINUTES.toMillis(1));
      }
    }
  }

  /** The worker asks for the time when it begins a layer. */
  private long nanoTime() {
    if (!Thread.currentThread().getName().equals(WORKER)) {
      return 0;
    }
    worker.complete(Thread.currentThread());
    try {
      assertThat(go.await(1, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return 0;
  }

  @Test
  void on_a_fast_link_a_layer_goes_as_it_lies_rather_than_late() {
    assertThat(recompressor.await(first, () -> 5e6)).isEqualTo(first.stored());

    assertThat(recompressor.isPending(first)).as("for the next build").isTrue();
  }

  @Test
  void on_a_slow_link_a_layer_is_waited_for() {
    assertThat(recompressor.await(first, () -> releasedAt(3e6)).blob().compression())
        .isEqualTo(Compression.ZSTD);
  }

  @Test
  void a_link_that_is_not_measured_yet_counts_as_a_home_uplink() {
    assertThat(recompressor.await(first, () -> releasedAt(0)).blob().compression())
        .isEqualTo(Compression.ZSTD);
  }

  private double releasedAt(double rate) {
    go.countDown();
    return rate;
  }

  @Test
  void on_a_fast_link_no_processor_is_busy_with_it() {
    recompressor.begin(List.of(first), 5e6);

    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .doesNotContain(WORKER);
  }

  @Test
  void on_a_slow_link_it_begins_while_other_layers_are_sent() throws Exception {
    recompressor.begin(List.of(first), 3e6);

    assertThat(worker.get(1, TimeUnit.MINUTES).isDaemon()).isTrue();
  }

  @Test
  void what_is_done_before_its_turn_comes_costs_no_time() throws Exception {
    cache.setVain(second.diffId());

    recompressor.begin(List.of(second, first), 5e6);

    assertThat(worker.get(1, TimeUnit.MINUTES).isDaemon()).isTrue();
  }

  @Test
  void a_build_that_ends_ends_the_work_and_its_thread_and_leaves_nothing_half_done()
      throws Exception {
    recompressor.begin(List.of(first, second), 1);
    Thread thread = worker.get(1, TimeUnit.MINUTES);

    recompressor.close();
    go.countDown();
    thread.join(TimeUnit.MINUTES.toMillis(1));

    assertThat(thread.isAlive()).isFalse();
    assertThat(files()).isEmpty();
    assertThat(recompressor.isPending(first)).isFalse();
    assertThat(recompressor.best(first)).isEqualTo(first.stored());
  }

  @Test
  void how_a_layer_goes_is_not_settled_while_it_is_being_compressed() {
    ArchivePlan plan =
        ArchivePlan.of(List.of(PlannedImage.whole(image, image.releaseTag(image.tag()))));

    WireArchive archive = WireArchive.of(plan, recompressor);
    assertThat(archive.isSettled()).isFalse();

    go.countDown();
    archive.settle();
    assertThat(archive.isSettled()).isTrue();
  }

  @Test
  void an_interrupt_ends_the_waiting() {
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> recompressor.await(first))
        .isInstanceOf(DeployException.class)
        .hasMessage("Compressing layers was interrupted");
    assertThat(Thread.interrupted()).as("still interrupted").isTrue();
  }

  @Test
  void a_kept_layer_that_is_larger_than_the_one_in_the_tarball_is_not_sent() throws IOException {
    byte[] large = new byte[4 * MIB];
    new Random(1).nextBytes(large);
    Path file = Files.write(cache.newFile(), large);
    cache.keep(first.diffId(), file, Digest.of(large));

    assertThat(recompressor.best(first)).isEqualTo(first.stored());
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("cache"))) {
      return files.toList();
    }
  }
}
