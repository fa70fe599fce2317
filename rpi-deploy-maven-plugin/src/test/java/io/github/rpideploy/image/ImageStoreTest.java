package io.github.rpideploy.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.image.tarball.TarballReader;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageStoreTest {

  @TempDir private Path directory;

  @Test
  void onAClassicStoreOnlyTheChainFromTheLowestLayerCounts() {
    ImageTarball old = image("old", "base", "libs", "resources", "classes");
    ImageTarball changed = image("new", "base", "libs-2", "resources", "classes");
    ImageStore store = classic(old);

    assertThat(sent(store, changed)).containsExactly("libs-2", "resources", "classes");
    assertThat(sent(store, image("top", "base", "libs", "resources", "classes-2")))
        .containsExactly("classes-2");
    assertThat(sent(store, old)).isEmpty();
    assertThat(plan(store, old).isThin()).isTrue();
    assertThat(plan(classic(image("other", "classes")), old).isThin()).isFalse();
  }

  @Test
  void onTheContainerdStoreEveryRecordedBlobCountsWhereverItLies() {
    ImageTarball old = image("old", "base", "libs", "resources", "classes");
    ImageTarball changed = image("new", "base", "libs-2", "resources", "classes");

    assertThat(sent(containerd(old), changed)).containsExactly("libs-2");
  }

  @Test
  void aLayerThatIsThereCompressedInAnotherWayIsLeftOutAndNamedAsItIsThere() {
    byte[] tar = TestImages.layerTar("app/libs", "x".repeat(500));
    ImageTarball gzip = write("gzip", TestImages.named("x").layer(tar, Compression.GZIP));
    ImageTarball plain = write("plain", TestImages.named("x").layer(tar, Compression.NONE));
    Layer layer = plain.layers().get(0);

    assertThat(layer.diffId()).isEqualTo(gzip.layers().get(0).diffId());
    assertThat(plan(classic(gzip), plain).sends(layer)).isFalse();
    ArchivePlan onContainerd = plan(containerd(gzip), plain);
    assertThat(onContainerd.sends(layer)).isFalse();
    assertThat(new PlainArchive(onContainerd).blobs().apply(layer))
        .isEqualTo(gzip.layers().get(0).blob());
  }

  @Test
  void withoutARecordTheContainerdStoreIsSentEverything() {
    ImageTarball old = image("old", "base", "libs");
    ImageStore unrecorded =
        new ImageStore(
            ImageStore.Kind.CONTAINERD, List.of(new ImageStore.Held(diffIds(old), List.of())));

    assertThat(sent(unrecorded, old)).containsExactly("base", "libs");
  }

  @Test
  void aLayerThatStandsInTheImageTwiceIsSentWhenOneOfThePlacesNeedsIt() {
    ImageTarball twice = image("twice", "empty", "libs", "empty");

    assertThat(sent(classic(image("one", "empty", "libs")), twice))
        .containsExactly("empty", "empty");
    assertThat(sent(containerd(image("one", "empty", "libs")), twice)).isEmpty();
  }

  private ImageTarball image(String name, String... layers) {
    TestImages image = TestImages.named(name);
    for (String layer : layers) {
      image.layer(TestImages.layerTar(layer, layer), Compression.GZIP);
    }
    return write(name, image);
  }

  private ImageTarball write(String name, TestImages image) {
    return TarballReader.read(image.writeDocker(directory.resolve(name + ".tar")));
  }

  private static List<String> sent(ImageStore store, ImageTarball image) {
    ArchivePlan plan = plan(store, image);
    return image.layers().stream().filter(plan::sends).map(ImageStoreTest::nameOf).toList();
  }

  /** The layers of {@link #image} are told apart by their diffID. */
  private static String nameOf(Layer layer) {
    for (String name :
        List.of("base", "libs", "libs-2", "resources", "classes", "classes-2", "empty")) {
      if (Digest.of(TestImages.layerTar(name, name)).equals(layer.diffId())) {
        return name;
      }
    }
    return layer.diffId().toString();
  }

  private static ArchivePlan plan(ImageStore store, ImageTarball image) {
    return ArchivePlan.of(List.of(store.thin(image, image.releaseTag(image.tag()))));
  }

  private static ImageStore classic(ImageTarball image) {
    return new ImageStore(
        ImageStore.Kind.CLASSIC, List.of(new ImageStore.Held(diffIds(image), List.of())));
  }

  private static ImageStore containerd(ImageTarball image) {
    List<Blob> blobs = image.layers().stream().map(Layer::blob).toList();
    return new ImageStore(
        ImageStore.Kind.CONTAINERD, List.of(new ImageStore.Held(diffIds(image), blobs)));
  }

  private static List<Digest> diffIds(ImageTarball image) {
    return image.layers().stream().map(Layer::diffId).toList();
  }
}
