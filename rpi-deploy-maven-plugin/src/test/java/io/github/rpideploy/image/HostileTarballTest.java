package io.github.rpideploy.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.github.rpideploy.DeployException;
import io.github.rpideploy.TimeLimit;
import io.github.rpideploy.image.tarball.TarballReader;
import io.github.rpideploy.image.tarball.Wanted;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Thousands of broken and hostile tarballs, always the same ones: each is read, or refused by a
 * {@link DeployException}; no other exception, no long wait, no large memory. What is read can be
 * written, or is refused then.
 */
class HostileTarballTest {

  private static final long SEED = 20261101;
  private static final int PER_MUTATION = 1_300;

  /** Far above the milliseconds that one takes: it is about those that never end. */
  @AutoClose private final TimeLimit time = new TimeLimit(Duration.ofMinutes(1));

  /** Twice the largest document: its bytes and its text. */
  private static final long MEMORY_LIMIT = 32L << 20;

  private static final ImageStore EMPTY = new ImageStore(ImageStore.Kind.CLASSIC, List.of());

  private interface Mutation {
    byte[] apply(byte[] tarball, Random random) throws IOException;
  }

  @TempDir private Path directory;

  @Test
  void everyBrokenTarballIsReadOrRefused() throws IOException {
    Map<String, Mutation> mutations = new TreeMap<>();
    mutations.put("bits", TarballMutations::flipBits);
    mutations.put("truncated", (tar, random) -> Arrays.copyOf(tar, random.nextInt(tar.length)));
    mutations.put("blocks", TarballMutations::shuffleBlocks);
    mutations.put("json", TarballMutations::replaceJsonValue);
    mutations.put("headers", TarballMutations::spoilHeader);
    mutations.put("pax", TarballMutations::insertExtension);
    mutations.put("text", TarballMutations::replaceText);
    mutations.put("noise", (tar, random) -> TarballMutations.noise(random));
    mutations.put("metadata", this::writeMetadata);
    mutations.put("links", TarballMutations::spoilLink);
    mutations.put(
        "gzip",
        (tar, random) ->
            random.nextBoolean()
                ? gzip(TarballMutations.flipBits(tar, random))
                : TarballMutations.flipBits(gzip(tar), random));
    List<byte[]> sources = sources();
    Map<String, List<Integer>> outcomes = new TreeMap<>();
    Random random = new Random(SEED);

    for (Map.Entry<String, Mutation> mutation : mutations.entrySet()) {
      int readable = 0;
      for (int i = 0; i < PER_MUTATION; i++) {
        byte[] source = sources.get(i % sources.size());
        byte[] hostile = mutation.getValue().apply(source.clone(), random);
        String name = mutation.getKey() + " " + i;
        boolean read = time.within(name, () -> readsWithinLimits(hostile, name));
        readable += read ? 1 : 0;
      }
      outcomes.put(mutation.getKey(), List.of(readable, PER_MUTATION - readable));
    }

    // A tarball is as good as what lies beside it is bad.
    assertThat(outcomes.get("metadata")).isEqualTo(List.of(PER_MUTATION, 0));
    // The mutations reach past the first check, and many of them are noticed.
    for (String name : List.of("bits", "json", "headers", "pax", "links", "gzip")) {
      assertThat(outcomes.get(name)).as(name).isNotNull().allMatch(count -> count > 20);
    }
  }

  /** What Jib writes beside the tarball is broken, and the tarball is in order. */
  private byte[] writeMetadata(byte[] tarball, Random random) throws IOException {
    String json =
        """
        {"image":"auth-server:1","imageId":"%s","imageDigest":"sha256:1","tags":["1","latest"]}\
        """
            .formatted(typical().configDigest());
    byte[] document = TestTar.write(Map.of("jib-image.json", TestTar.file(json.getBytes(UTF_8))));
    byte[] broken =
        random.nextBoolean()
            ? TarballMutations.replaceJsonValue(document, random)
            : TarballMutations.replaceText(document, random);
    int size = TarballMutations.size(broken, 0);
    Path metadata = directory.resolve("jib-image.json");
    Files.deleteIfExists(metadata);
    Files.write(metadata, Arrays.copyOfRange(broken, TarHeader.BLOCK, TarHeader.BLOCK + size));
    return tarball;
  }

  private static TestImages typical() {
    return TestImages.named("auth-server:1").layer("base", 3000).layer("a", 90).layer("base", 3000);
  }

  private List<byte[]> sources() throws IOException {
    TestImages image = typical();
    Path tarball = image.writeDocker(directory.resolve("source.tar"));
    ImageTarball read = TarballReader.read(tarball);
    ByteArrayOutputStream hybrid = new ByteArrayOutputStream();
    new PlainArchive(ArchivePlan.of(List.of(PlannedImage.whole(read, read.tag())))).writeTo(hybrid);
    TestImages others =
        TestImages.named("auth-server:1")
            .layer(TestImages.layerTar("app/zstd", "z".repeat(2_000)), Compression.ZSTD)
            .layer(TestImages.layerTar("app/plain", "p".repeat(700)), Compression.NONE);
    return List.of(
        image.dockerBytes(),
        image.ociBytes(),
        hybrid.toByteArray(),
        others.dockerBytes(),
        others.ociBytes(),
        OtherTarballs.oldDocker(image, others),
        OtherTarballs.podman(image, "localhost/auth-server:1"),
        OtherTarballs.platforms("auth-server:1", List.of(image, amd64()), List.of(others))
            .docker(amd64())
            .bytes());
  }

  private static TestImages amd64() {
    return TestImages.named("auth-server:1").platform("linux/amd64").layer("amd64", 90);
  }

  private static byte[] gzip(byte[] tar) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(tar);
    }
    return bytes.toByteArray();
  }

  private boolean readsWithinLimits(byte[] hostile, String name) throws IOException {
    // A new file: to empty a written one makes ext4 wait for the disk, each time.
    Path file = directory.resolve("hostile.tar");
    Files.deleteIfExists(file);
    Files.write(file, hostile);
    ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long memory = thread.getCurrentThreadAllocatedBytes();
    boolean read = false;
    try {
      ImageTarball image = TarballReader.read(file, wanted());
      read = true;
      write(image);
    } catch (DeployException e) {
      assertThat(e.getMessage()).as(name).contains("hostile.tar");
      assertThat(e.hint()).as(name).isNotBlank();
    } catch (RuntimeException e) {
      throw new AssertionError(name + " got another exception", e);
    }
    assertThat(thread.getCurrentThreadAllocatedBytes() - memory).as(name).isLessThan(MEMORY_LIMIT);
    return read;
  }

  /** Where there are several images, that one. */
  private Wanted wanted() {
    return new Wanted(
        Platform.parse("linux/arm64"),
        () -> Optional.of("auth-server:1"),
        directory.resolve("rpi"));
  }

  private static void write(ImageTarball image) throws IOException {
    ImageReference tag = ImageReference.parse("x:rpi-0123456789ab");
    PlainArchive plan = new PlainArchive(ArchivePlan.of(List.of(PlannedImage.whole(image, tag))));
    long[] written = new long[1];
    plan.writeTo(
        new OutputStream() {
          @Override
          public void write(int b) {
            written[0]++;
          }

          @Override
          public void write(byte[] bytes, int offset, int length) {
            written[0] += length;
          }
        });
    assertThat(written[0]).isEqualTo(plan.bytes());
    assertThat(DiskUse.of(plan.plan(), plan.bytes(), EMPTY)).isGreaterThanOrEqualTo(plan.bytes());
  }
}
