package io.github.rpideploy.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdInputStream;
import com.sun.management.ThreadMXBean;
import io.github.rpideploy.DeployException;
import io.github.rpideploy.TimeLimit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Broken and hostile compressed layers in tarballs that are in order otherwise, always the same
 * ones: each is counted and compressed anew, or refused by a {@link DeployException}; no other
 * failure, no endless wait, no large memory, and never another layer in its place.
 */
class HostileLayerTest {

  private static final long SEED = 20261125;
  private static final int PER_MUTATION = 500;

  /** Every so many of each source are compressed anew as well, which takes longer. */
  private static final int COMPRESSED = 4;

  /** Far above the milliseconds that one takes: it is about those that never end. */
  @AutoClose private final TimeLimit time = new TimeLimit(Duration.ofMinutes(1));

  private static final long MEMORY_LIMIT = 8L << 20;

  private interface Mutation {
    byte[] apply(byte[] blob, Random random);
  }

  @TempDir private Path directory;

  @Test
  void everyBrokenLayerIsTakenAsWhatItIsOrRefused() throws Exception {
    byte[] tar = TestImages.layerTar("app/words", words());
    byte[] half = TestImages.layerTar("app/half", "x".repeat(9_000));
    List<byte[]> sources =
        List.of(
            LayerMutations.gzip(tar),
            join(LayerMutations.gzip(half), LayerMutations.gzip(tar)),
            Zstd.compress(tar),
            join(Zstd.compress(half), Zstd.compress(tar, 19)));
    Map<String, Mutation> mutations = new TreeMap<>();
    mutations.put("bits", LayerMutations::flipBits);
    mutations.put("truncated", LayerMutations::truncate);
    mutations.put("trailer", LayerMutations::spoilTrailer);
    mutations.put("appended", LayerMutations::append);
    mutations.put("bomb", (blob, random) -> LayerMutations.bomb(random));
    mutations.put(
        "spliced",
        (blob, random) ->
            LayerMutations.splice(blob, sources.get(random.nextInt(sources.size())), random));
    Random random = new Random(SEED);
    LayerCache cache = LayerCache.in(directory.resolve("cache"));
    Map<String, Integer> refused = new TreeMap<>();

    for (Map.Entry<String, Mutation> mutation : mutations.entrySet()) {
      for (int i = 0; i < PER_MUTATION; i++) {
        byte[] source = sources.get(i % sources.size());
        byte[] hostile = mutation.getValue().apply(source.clone(), random);
        String name = mutation.getKey() + " " + i;
        TarballLayer own = layer(hostile, i % 2 == 0 ? tar : join(half, tar));
        boolean compressed = i / sources.size() % COMPRESSED == 0;
        boolean taken = time.within(name, () -> isTaken(own, name, compressed ? cache : null));
        refused.merge(mutation.getKey(), taken ? 0 : 1, Integer::sum);
      }
    }

    // The mutations reach past the first check, and many of them are noticed.
    for (String name : List.of("bits", "truncated", "spliced", "bomb")) {
      assertThat(refused.get(name)).as(name).isBetween(20, PER_MUTATION - 1);
    }
  }

  @Test
  void membersWithNothingInThemDoNotFillTheStack() throws IOException {
    byte[] empty = LayerMutations.gzip(new byte[0]);
    ByteArrayOutputStream many = new ByteArrayOutputStream();
    for (int i = 0; i < 100_000; i++) {
      many.writeBytes(empty);
    }
    TarballLayer own = layer(many.toByteArray(), new byte[0]);

    assertThat(isTaken(own, "members", LayerCache.in(directory.resolve("cache")))).isFalse();
  }

  @Test
  void whatUnpacksToMoreThanAnyDiskTakesIsNotCountedToItsEnd() throws IOException {
    // 131 GB from 4 MB. Without the limit it is still counted some seconds later.
    TarballLayer own = layer(LayerMutations.zstdBomb(1_000_000), new byte[0]);
    ImageTarball image = image(own);
    ArchivePlan plan = ArchivePlan.of(List.of(PlannedImage.whole(image, image.tag())));
    ImageStore empty = new ImageStore(ImageStore.Kind.CLASSIC, List.of());

    assertThat(DiskUse.of(plan, 1_000, empty, 50_000_000)).isBetween(50_000_000L, 50_100_000L);
    assertThat(DiskUse.of(plan, 1_000, empty)).isBetween(64L << 30, (64L << 30) + 100_000);
  }

  /** Counts it, and compresses it anew into the cache if that is done with such a layer. */
  private static boolean isTaken(TarballLayer own, String name, @Nullable LayerCache cache)
      throws IOException {
    ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long memory = thread.getCurrentThreadAllocatedBytes();
    boolean taken;
    try {
      assertThat(DiskUse.unpackedSize(image(own), own.layer())).as(name).isNotNegative();
      if (cache != null && own.layer().compression() == Compression.GZIP) {
        compress(own, name, cache);
      }
      taken = true;
    } catch (DeployException e) {
      assertThat(e).as(name).hasMessageContaining("hostile.tar is damaged: layer layer.tar.gz ");
      assertThat(e.getMessage()).as(name).doesNotContain("null");
      taken = false;
    }
    assertThat(thread.getCurrentThreadAllocatedBytes() - memory).as(name).isLessThan(MEMORY_LIMIT);
    return taken;
  }

  private static void compress(TarballLayer own, String name, LayerCache cache) throws IOException {
    CompressionTask compressing = new CompressionTask(own, cache, System::nanoTime);
    compressing.run();
    assertThat(compressing.isDone()).as(name).isTrue();
    Optional<StoredBlob> compressed = compressing.result();
    if (compressed.isPresent()) {
      assertThat(unpackedDigest(compressed.get().file())).as(name).isEqualTo(own.diffId());
      Files.delete(compressed.get().file());
    }
  }

  private static Digest unpackedDigest(Path file) throws IOException {
    MessageDigest computation = Digest.sha256();
    try (InputStream in = new ZstdInputStream(Files.newInputStream(file))) {
      byte[] buffer = new byte[64 * 1024];
      for (int n = 0; n >= 0; n = in.read(buffer)) {
        computation.update(buffer, 0, n);
      }
    }
    return Digest.finish(computation);
  }

  private TarballLayer layer(byte[] blob, byte[] content) throws IOException {
    // A new file: to empty a written one makes ext4 wait for the disk, each time.
    Path file = directory.resolve("hostile.tar");
    Files.deleteIfExists(file);
    Files.write(file, blob);
    return new TarballLayer(
        file,
        new Layer(
            Digest.of(content),
            Digest.of(blob),
            blob.length,
            Compression.sniff(blob),
            "layer.tar.gz",
            0));
  }

  private static ImageTarball image(TarballLayer own) {
    return new ImageTarball(
        own.tarball(),
        own.content(),
        "{}",
        Digest.of(new byte[0]),
        new Platform("linux", "arm64", null),
        List.of(own.layer()),
        List.of(ImageReference.parse("x")));
  }

  private static String words() {
    Random random = new Random(SEED);
    StringBuilder text = new StringBuilder();
    while (text.length() < 20_000) {
      text.append(Integer.toString(random.nextInt(2_000), 36)).append(' ');
    }
    return text.toString();
  }

  private static byte[] join(byte[] one, byte[] other) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    joined.writeBytes(one);
    joined.writeBytes(other);
    return joined.toByteArray();
  }
}
