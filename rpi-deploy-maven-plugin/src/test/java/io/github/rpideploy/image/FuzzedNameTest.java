package io.github.rpideploy.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.Fuzz;
import java.util.List;
import org.junit.jupiter.api.Test;

class FuzzedNameTest {

  @Test
  void names_of_images() {
    Fuzz.Result result =
        Fuzz.texts(
            "image reference",
            3,
            List.of(
                "auth-server",
                "auth-server:1.2_x-y",
                "localhost:5000/team/a.b__c:latest",
                "docker.io/library/a",
                "[fe80::1]:5000/a/b/c/d:1"),
            text -> {
              ImageReference read = ImageReference.parse(text);
              assertThat(ImageReference.parse(read.normalised())).isEqualTo(read);
              return read;
            });

    assertThat(result.taken()).isPositive();
    assertThat(result.refused()).isPositive();
  }

  @Test
  void digests_and_platforms() {
    List<String> good = List.of("sha256:" + "0a".repeat(32), "linux/arm64", "linux/arm/v7");
    Fuzz.Result digests = Fuzz.texts("digest", 2, good, Digest::parse);
    Fuzz.Result platforms = Fuzz.texts("platform", 2, good, Platform::parse);

    assertThat(digests.refused()).isPositive();
    assertThat(platforms.taken()).isPositive();
    assertThat(platforms.refused()).isPositive();
  }
}
