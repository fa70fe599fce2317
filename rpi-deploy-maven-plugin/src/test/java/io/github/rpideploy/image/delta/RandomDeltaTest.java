package io.github.rpideploy.image.delta;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.image.ArchivePlan;
import io.github.rpideploy.image.Compression;
import io.github.rpideploy.image.Digest;
import io.github.rpideploy.image.ImageReference;
import io.github.rpideploy.image.ImageTarball;
import io.github.rpideploy.image.Layer;
import io.github.rpideploy.image.PlannedImage;
import io.github.rpideploy.image.Recompressor;
import io.github.rpideploy.image.TestImages;
import io.github.rpideploy.image.TestTar;
import io.github.rpideploy.image.WireArchive;
import io.github.rpideploy.image.tarball.TarballReader;
import io.github.rpideploy.remote.PosixShell;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever two layers are: what Perl or Python makes of the one and the program is the other. */
class RandomDeltaTest {

  private static final String[] FORMATS = {"gnu", "pax", "ustar"};

  private static final ImageReference NEW = ImageReference.parse("auth-server:rpi-000000000002");

  @TempDir Path directory;

  @Test
  void what_the_pi_makes_is_the_layer() throws Exception {
    long first = Long.getLong("delta.seed", System.nanoTime());
    int deltas = 0;
    for (int i = 0; i < Integer.getInteger("delta.cases", 15); i++) {
      deltas += check(first + i);
    }
    assertThat(deltas).isGreaterThan(5);
  }

  private int check(long seed) throws IOException {
    Random random = new Random(seed);
    DeltaPi pi =
        new DeltaPi(
            PosixShell.DASH,
            Files.createDirectories(directory.resolve("" + seed)),
            seed % 2 == 0 ? Interpreter.PERL : Interpreter.PYTHON3);
    pi.docker(FORMATS[random.nextInt(FORMATS.length)], ":");
    List<OldRelease> releases = new ArrayList<>();
    Map<Digest, LayerFiles> lists = new HashMap<>();
    List<byte[]> contents = new ArrayList<>();
    for (int i = 0; i < 1 + random.nextInt(3); i++) {
      Map<String, byte[]> files = files(random, contents);
      String tag = (random.nextBoolean() ? "auth-server" : "other") + ":rpi-" + i;
      ImageTarball old = image(pi, tag, files, "old" + i);
      Layer layer = old.layers().get(0);
      lists.put(layer.diffId(), new DeltaPlanner().list(old, layer).orElseThrow());
      releases.add(new OldRelease(tag, List.of(layer.diffId())));
      pi.put(tag, files);
    }
    ImageTarball tarball = image(pi, NEW.familiar(), files(random, contents), "new");
    Layer layer = tarball.layers().get(0);

    Deltas deltas =
        new DeltaPlanner()
            .plan(
                List.of(new DeltaPlanner.Wanted(tarball, layer, "auth-server", layer.size())),
                releases,
                lists,
                pi::entries);

    if (deltas.isEmpty()) {
      return 0;
    }
    WireArchive archive =
        WireArchive.of(
            ArchivePlan.of(List.of(PlannedImage.whole(tarball, NEW))),
            Recompressor.off(),
            deltas.layers());
    ByteArrayOutputStream program = new ByteArrayOutputStream();
    archive.writeTo(program);
    assertThat(archive.bytes()).as("seed " + seed).isEqualTo(program.size());
    assertThat(archive.isSettled()).isTrue();

    String said = pi.load(program.toByteArray(), deltas.directories());

    assertThat(said).as("seed " + seed).startsWith("loaded 0 ");
    byte[] loaded = pi.loaded();
    assertThat(loaded).as("seed " + seed).hasSize((int) archive.plainBytes());
    byte[] made =
        Objects.requireNonNull(TestTar.read(loaded).get("blobs/sha256/" + layer.diffId().hex()));
    assertThat(Digest.of(made)).as("seed " + seed).isEqualTo(layer.diffId());
    assertThat(program.size()).isLessThan((int) (layer.size() * 0.8));
    return 1;
  }

  private static ImageTarball image(
      DeltaPi pi, String tag, Map<String, byte[]> files, String name) {
    Map<String, TestTar.Entry> entries = new LinkedHashMap<>();
    files.forEach((path, content) -> entries.put(path.substring(1), TestTar.file(content)));
    return TarballReader.read(
        TestImages.named(tag)
            .layer(TestTar.write(entries), Compression.GZIP)
            .layer("small", 1000)
            .writeDocker(pi.home.resolve(name + ".tar")));
  }

  /** Some of the contents that others have, and some new ones, in any order. */
  private static Map<String, byte[]> files(Random random, List<byte[]> contents)
      throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    for (byte[] content : contents) {
      if (random.nextInt(4) > 0) {
        files.put(path(random), content);
      }
    }
    for (int i = 0; i < 3; i++) {
      files.put("/app/libs/lib" + i + "-" + random.nextInt(3) + ".jar", jar(random, i));
    }
    for (int i = contents.isEmpty() ? 20 : random.nextInt(8); i > 0; i--) {
      byte[] content = new byte[random.nextInt(10) == 0 ? 300_000 : random.nextInt(80_000)];
      random.nextBytes(content);
      contents.add(content);
      files.put(path(random), content);
      if (random.nextInt(5) == 0) {
        files.put(path(random), content);
      }
    }
    List<String> order = new ArrayList<>(files.keySet());
    if (random.nextBoolean()) {
      Collections.shuffle(order, random);
    }
    Map<String, byte[]> ordered = new LinkedHashMap<>();
    order.forEach(path -> ordered.put(path, files.get(path)));
    return ordered;
  }

  /** Each time some entries are others, and so are the places of all. */
  private static byte[] jar(Random random, int number) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (int i = 0; i < 60; i++) {
        byte[] content = new byte[3_000];
        new Random(random.nextInt(8) == 0 ? random.nextLong() : number * 100 + i)
            .nextBytes(content);
        Arrays.fill(content, 0, random.nextInt(5) == 0 ? 300 : 200, (byte) 7);
        ZipEntry entry = new ZipEntry("e" + i + (random.nextInt(9) == 0 ? "x" : ""));
        entry.setTime(random.nextInt());
        zip.putNextEntry(entry);
        zip.write(content);
      }
    }
    return bytes.toByteArray();
  }

  private static String path(Random random) {
    String[] parents = {"/app/libs/", "/app/libs.d/", "/app/", "/opt/java/lib/ü b/", "/opt/"};
    String name = Long.toString(random.nextLong() >>> 1, 36);
    return parents[random.nextInt(parents.length)]
        + (random.nextInt(5) == 0 ? name.repeat(7) : name)
        + ".jar";
  }
}
