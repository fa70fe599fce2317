package io.github.rpideploy.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.image.tarball.TarballReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompressionTaskTest {

  /** As much is read at once. */
  private static final int CHUNK = 256 * 1024;

  private static final long START = TimeUnit.SECONDS.toNanos(5);

  @TempDir private Path directory;

  private LayerCache cache;
  private TarballLayer own;

  @BeforeEach
  void a_layer() {
    cache = LayerCache.in(directory.resolve("cache"));
    ImageTarball image =
        TarballReader.read(
            TestImages.named("x")
                .layer(TestImages.layerTar("a", "a".repeat(3 * CHUNK)), Compression.NONE)
                .writeDocker(directory.resolve("x.tar")));
    own = new TarballLayer(image.file(), image.layers().get(0));
  }

  @Test
  void before_it_begins_it_will_take_what_20_MB_per_second_take() {
    CompressionTask task = new CompressionTask(own, cache, () -> START);

    assertThat(task.remainingSeconds(START)).isEqualTo(own.layer().size() / 20e6);
    assertThat(task.isDone()).isFalse();
  }

  @Test
  void then_it_will_go_on_as_fast_as_it_went_so_far() {
    CompressionTask task = cancelledAfterOneChunk();

    assertThat(task.remainingSeconds(START + TimeUnit.MILLISECONDS.toNanos(1_500)))
        .isEqualTo(1.5 * (own.layer().size() - CHUNK) / CHUNK);
  }

  @Test
  void when_it_is_cancelled_it_ends_without_a_result_and_without_a_file() throws Exception {
    CompressionTask task = cancelledAfterOneChunk();

    assertThat(task.await(0, TimeUnit.SECONDS)).isTrue();
    assertThat(task.result()).isEmpty();
    assertThat(files()).isZero();
    assertThat(cache.isVain(own.diffId())).as("it may gain much").isFalse();
  }

  @Test
  void when_it_is_cancelled_before_it_begins_it_does_not_begin() throws IOException {
    CompressionTask task = new CompressionTask(own, cache, () -> START);
    task.cancel();

    task.run();

    assertThat(task.isDone()).isTrue();
    assertThat(task.result()).isEmpty();
    assertThat(directory.resolve("cache")).doesNotExist();
  }

  private CompressionTask cancelledAfterOneChunk() {
    CompressionTask[] task = new CompressionTask[1];
    task[0] =
        new CompressionTask(
            own,
            cache,
            () -> {
              task[0].cancel();
              return START;
            });
    task[0].run();
    return task[0];
  }

  private long files() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("cache"))) {
      return files.count();
    }
  }
}
