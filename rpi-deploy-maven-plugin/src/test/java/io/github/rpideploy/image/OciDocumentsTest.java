package io.github.rpideploy.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.github.rpideploy.image.tarball.TarballReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the OCI image specification demands of the documents in an archive. */
class OciDocumentsTest {

  @TempDir private Path directory;

  @Test
  void the_layout_states_its_version() {
    assertThat(json(OciDocuments.layout())).hasToString("{\"imageLayoutVersion\":\"1.0.0\"}");
  }

  @Test
  void index_and_manifest_state_what_they_are() {
    ImageTarball image = image("linux/arm64");

    assertThat(json(index(image)).toString())
        .startsWith(
            "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.index.v1+json\",");
    assertThat(json(OciDocuments.manifest(image, Layer::blob)).toString())
        .startsWith(
            "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",");
  }

  @Test
  void the_index_states_the_platform_of_the_image_and_a_variant_only_if_there_is_one() {
    assertThat(platform(image("linux/arm64")))
        .hasToString("{\"architecture\":\"arm64\",\"os\":\"linux\"}");
    assertThat(platform(image("linux/arm/v7")))
        .hasToString("{\"architecture\":\"arm\",\"os\":\"linux\",\"variant\":\"v7\"}");
  }

  private static JsonElement platform(ImageTarball image) {
    return json(index(image))
        .getAsJsonObject()
        .getAsJsonArray("manifests")
        .get(0)
        .getAsJsonObject()
        .get("platform");
  }

  private static byte[] index(ImageTarball image) {
    return OciDocuments.index(
        List.of(PlannedImage.whole(image, image.releaseTag(image.tag()))), Layer::blob);
  }

  private ImageTarball image(String platform) {
    return TarballReader.read(
        TestImages.typical("x").platform(platform).writeDocker(directory.resolve("x.tar")));
  }

  private static JsonElement json(byte[] document) {
    return JsonParser.parseString(new String(document, StandardCharsets.UTF_8));
  }
}
