package io.github.rpideploy.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import io.github.rpideploy.image.tarball.TarballReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Takes 20 s: whatever an Engine's store has been through, what we send it is right. */
class RandomStoreTest {

  private static final int CASES = 2_500;

  @TempDir private Path directory;

  /**
   * Stores with a random past of loads and removals, whole and thin, layers as they lie and as
   * zstd, by us and by others; then one to three images in one stream.
   */
  @ParameterizedTest
  @EnumSource
  void whateverIsThereTheArchiveGivesExactlyTheImagesAndBringsNothingTwice(ImageStore.Kind kind)
      throws IOException {
    Random random = new Random(20_261_123);
    List<ImageTarball> pool = pool(random);
    int thin = 0;
    int again = 0;
    for (int i = 0; i < CASES; i++) {
      StoreModel model = new StoreModel(kind);
      Map<String, List<Blob>> noted = new HashMap<>();
      past(model, noted, pool, random);
      ImageStore known = known(kind, model, noted);
      List<ImageTarball> images = some(pool, random, 1 + random.nextInt(3));
      PlainArchive archive = archive(known, images, random);
      Set<List<String>> chainsBefore = model.chains();

      assertThat(archive.written()).hasSize((int) archive.bytes());
      assertThat(model.load(archive.written()).said()).as("case %s", i).doesNotContain("rror");
      images.forEach(image -> assertIsThere(model, image, archive, kind));
      assertNothingIsSentInVain(archive.plan(), known, chainsBefore);
      thin += archive.plan().isThin() ? 1 : 0;
      again += archive.chosen().isEmpty() ? 0 : 1;
    }
    assertThat(thin).isGreaterThan(CASES / 4);
    assertThat(again).isGreaterThan(CASES / 4);
  }

  private void past(
      StoreModel model, Map<String, List<Blob>> noted, List<ImageTarball> pool, Random random)
      throws IOException {
    for (int loads = random.nextInt(5); loads > 0; loads--) {
      List<ImageTarball> images = some(pool, random, 1 + random.nextInt(2));
      boolean ours = random.nextInt(5) > 0;
      ImageStore known =
          ours ? known(model.kind(), model, noted) : new ImageStore(model.kind(), List.of());
      PlainArchive archive = archive(known, images, random);
      model.load(archive.written());
      for (ImageTarball image : images) {
        // A tag that others moved names another image: what was noted of the one before is not of
        // it.
        noted.remove(tag(image));
        if (ours) {
          noted.put(tag(image), image.layers().stream().map(archive.blobs()).toList());
        }
      }
    }
    for (String tag : List.copyOf(model.tags().keySet())) {
      if (random.nextInt(3) == 0) {
        model.remove(tag);
      }
    }
  }

  /** Some of the layers that are sent are sent as zstd. */
  private PlainArchive archive(ImageStore known, List<ImageTarball> images, Random random)
      throws IOException {
    ArchivePlan plan = plan(known, images.toArray(ImageTarball[]::new));
    Map<Digest, StoredBlob> chosen = new HashMap<>();
    for (TarballLayer layer : plan.sent()) {
      if (random.nextInt(3) == 0) {
        chosen.put(layer.diffId(), zstd(layer));
      }
    }
    return new PlainArchive(plan, chosen);
  }

  private StoredBlob zstd(TarballLayer layer) throws IOException {
    Path file = directory.resolve(layer.diffId().hex() + ".zst");
    if (!Files.exists(file)) {
      byte[] bytes = new byte[(int) layer.layer().size()];
      try (LayerSource source = LayerSource.open(layer.stored())) {
        assertThat(source.stream().readNBytes(bytes, 0, bytes.length)).isEqualTo(bytes.length);
      }
      boolean gzip = layer.layer().compression() == Compression.GZIP;
      InputStream in = new ByteArrayInputStream(bytes);
      Files.write(file, Zstd.compress((gzip ? new GZIPInputStream(in) : in).readAllBytes()));
    }
    byte[] content = Files.readAllBytes(file);
    return StoredBlob.inCache(file, new Blob(Digest.of(content), content.length, Compression.ZSTD));
  }

  /** What a probe finds out: the images, and the blobs of those that were noted. */
  private static ImageStore known(
      ImageStore.Kind kind, StoreModel model, Map<String, List<Blob>> noted) {
    List<ImageStore.Held> held = new ArrayList<>();
    model
        .tags()
        .forEach(
            (tag, image) ->
                held.add(
                    new ImageStore.Held(
                        image.diffIds().stream().map(Digest::new).toList(),
                        noted.getOrDefault(tag, List.of()))));
    return new ImageStore(kind, held);
  }

  private static void assertIsThere(
      StoreModel model, ImageTarball image, PlainArchive archive, ImageStore.Kind kind) {
    StoreModel.Image loaded = Objects.requireNonNull(model.tags().get(tag(image)));
    Digest manifest = Digest.of(OciDocuments.manifest(image, archive.blobs()));
    Digest id = kind == ImageStore.Kind.CLASSIC ? image.configDigest() : manifest;
    assertThat(loaded.id()).isEqualTo(id.toString());
    assertThat(loaded.diffIds()).isEqualTo(diffIds(image).stream().map(Digest::hex).toList());
    assertThat(loaded.usable()).isTrue();
    assertThat(model.isComplete(tag(image))).isTrue();
  }

  private static void assertNothingIsSentInVain(
      ArchivePlan plan, ImageStore known, Set<List<String>> chainsBefore) {
    for (PlannedImage image : plan.images()) {
      List<Layer> layers = image.tarball().layers();
      for (Layer layer : layers) {
        if (plan.sends(layer)) {
          assertThat(
                  known.kind() == ImageStore.Kind.CLASSIC
                      ? isNeededByAChain(plan, layer, chainsBefore)
                      : known.images().stream()
                          .filter(held -> !held.blobs().isEmpty())
                          .noneMatch(held -> held.diffIds().contains(layer.diffId())))
              .isTrue();
        }
      }
    }
  }

  private static boolean isNeededByAChain(
      ArchivePlan plan, Layer layer, Set<List<String>> chainsBefore) {
    for (PlannedImage image : plan.images()) {
      List<String> diffIds = diffIds(image.tarball()).stream().map(Digest::hex).toList();
      for (int i = 0; i < diffIds.size(); i++) {
        if (image.tarball().layers().get(i).diffId().equals(layer.diffId())
            && !chainsBefore.contains(diffIds.subList(0, i + 1))) {
          return true;
        }
      }
    }
    return false;
  }

  /** Images that share what lies below, as builds of the same services do, and sometimes above. */
  private List<ImageTarball> pool(Random random) {
    List<List<String>> stacks = new ArrayList<>();
    stacks.add(List.of("layer-0"));
    while (stacks.size() < 120) {
      List<String> parent = stacks.get(random.nextInt(stacks.size()));
      List<String> stack = new ArrayList<>(parent.subList(0, random.nextInt(parent.size() + 1)));
      for (int more = random.nextInt(4); more > 0 || stack.isEmpty(); more--) {
        stack.add("layer-" + random.nextInt(12));
      }
      if (random.nextBoolean() && parent.size() > stack.size()) {
        stack.addAll(parent.subList(stack.size(), parent.size()));
      }
      stacks.add(stack);
    }
    List<ImageTarball> pool = new ArrayList<>();
    for (int i = 0; i < stacks.size(); i++) {
      TestImages image = TestImages.named("image-" + i);
      for (String name : stacks.get(i)) {
        image.layer(
            TestImages.layerTar("app/" + name, name),
            random.nextInt(6) == 0 ? Compression.NONE : Compression.GZIP);
      }
      pool.add(write("pool-" + i, image));
    }
    return pool;
  }

  private static <T> List<T> some(List<T> all, Random random, int count) {
    Set<T> some = new HashSet<>();
    while (some.size() < count) {
      some.add(all.get(random.nextInt(all.size())));
    }
    return List.copyOf(some);
  }

  private ImageTarball write(String name, TestImages image) {
    return TarballReader.read(image.writeDocker(directory.resolve(name + ".tar")));
  }

  private static ArchivePlan plan(ImageStore store, ImageTarball... images) {
    List<PlannedImage> thin = new ArrayList<>();
    for (ImageTarball image : images) {
      thin.add(store.thin(image, image.releaseTag(image.tag())));
    }
    return ArchivePlan.of(thin);
  }

  private static List<Digest> diffIds(ImageTarball image) {
    return image.layers().stream().map(Layer::diffId).toList();
  }

  private static String tag(ImageTarball image) {
    return image.releaseTag(image.tag()).familiar();
  }
}
