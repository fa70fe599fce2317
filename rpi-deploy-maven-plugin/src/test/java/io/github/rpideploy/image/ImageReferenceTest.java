package io.github.rpideploy.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.rpideploy.DeployException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageReferenceTest {

  @ParameterizedTest
  @CsvSource({
    "auth-server, docker.io/library/auth-server:latest, auth-server:latest",
    "auth-server:1.2, docker.io/library/auth-server:1.2, auth-server:1.2",
    "docker.io/library/auth-server:latest, docker.io/library/auth-server:latest, auth-server:latest",
    "index.docker.io/library/x, docker.io/library/x:latest, x:latest",
    "docker.io/x, docker.io/library/x:latest, x:latest",
    "team/auth-server, docker.io/team/auth-server:latest, team/auth-server:latest",
    "library/a/b, docker.io/library/a/b:latest, library/a/b:latest",
    "localhost:5000/x:1, localhost:5000/x:1, localhost:5000/x:1",
    "localhost/x, localhost/x:latest, localhost/x:latest",
    "registry.local:5000/a/b_c/d__e:v1, registry.local:5000/a/b_c/d__e:v1, registry.local:5000/a/b_c/d__e:v1",
    "ghcr.io/o/x, ghcr.io/o/x:latest, ghcr.io/o/x:latest",
    "Registry/x, Registry/x:latest, Registry/x:latest",
    "[fd00::1]:5000/x:2, [fd00::1]:5000/x:2, [fd00::1]:5000/x:2",
    "x:Release_1.0-RC, docker.io/library/x:Release_1.0-RC, x:Release_1.0-RC",
  })
  void normalisesAsDockerDoes(String text, String normalised, String familiar) {
    ImageReference reference = ImageReference.parse(text);

    assertThat(reference.normalised()).isEqualTo(normalised);
    assertThat(reference.familiar()).isEqualTo(familiar);
    assertThat(reference).hasToString(familiar);
    assertThat(ImageReference.parse(familiar)).isEqualTo(reference);
    assertThat(ImageReference.parse(normalised)).isEqualTo(reference);
  }

  @Test
  void namesThatMeanTheSameAreEqual() {
    assertThat(ImageReference.parse("auth-server"))
        .isEqualTo(ImageReference.parse("docker.io/library/auth-server:latest"))
        .isEqualTo(new ImageReference("docker.io", "auth-server", "latest"))
        .hasSameHashCodeAs(ImageReference.parse("index.docker.io/auth-server:latest"))
        .isNotEqualTo(ImageReference.parse("localhost/auth-server"));
  }

  @Test
  void theTagCanBeReplaced() {
    ImageReference reference = ImageReference.parse("localhost:5000/x:1");

    assertThat(reference.withTag("2").familiar()).isEqualTo("localhost:5000/x:2");
    assertThat(reference.familiarName()).isEqualTo("localhost:5000/x");
    assertThatThrownBy(() -> reference.withTag("a b")).isInstanceOf(DeployException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        ":1",
        "x:",
        "/x",
        "x/",
        "a//b",
        "-x",
        "x-",
        "a..b",
        "a___b",
        "x:-1",
        "x y",
        "x:1:2",
        "a.b:x/y",
        "[::1/x",
        "x\u001b[31m",
        "x;rm -rf",
        "$(x)",
        "--help",
      })
  void refusesWhatDockerRefuses(String text) {
    assertThatThrownBy(() -> ImageReference.parse(text))
        .isInstanceOf(DeployException.class)
        .hasMessageContaining("is not an image name")
        .hasMessageNotContainingAny("\u001b");
  }

  @Test
  void saysWhyANameIsRefused() {
    assertThatThrownBy(() -> ImageReference.parse("Auth-Server"))
        .hasMessage("'Auth-Server' is not an image name: the repository must be in lower case");
    assertThatThrownBy(() -> ImageReference.parse("x@sha256:" + "0".repeat(64)))
        .hasMessageContaining("names an image by digest, and a deploy needs a tag to move");
    assertThatThrownBy(() -> ImageReference.parse("0".repeat(64)))
        .hasMessageContaining("64 hexadecimal digits are an image ID");
    assertThatThrownBy(() -> ImageReference.parse("x:" + "1".repeat(129)))
        .hasMessageContaining("the tag is malformed");
  }

  @Test
  void endlessNamesAreRefusedAtOnce() {
    for (String unit : new String[] {"a", "a/", "a.", "a--", "A.", "_"}) {
      assertThatThrownBy(() -> ImageReference.parse(unit.repeat(1_000_000)))
          .isInstanceOf(DeployException.class);
      assertThatThrownBy(() -> ImageReference.parse(unit.repeat(300)))
          .isInstanceOf(DeployException.class);
      assertThatThrownBy(
              () -> ImageReference.parse("r.io/" + unit.repeat(240 / unit.length()) + "!"))
          .isInstanceOf(DeployException.class);
    }
  }

  @Test
  void releaseTagsAreRecognised() {
    ImageReference live = ImageReference.parse("localhost:5000/team/x:blue");
    ImageReference release = ReleaseTag.of(live, Digest.of(new byte[0]));

    assertThat(release.familiar()).isEqualTo("localhost:5000/team/x:rpi-e3b0c44298fc");
    assertThat(ReleaseTag.isRelease(release)).isTrue();
    assertThat(ReleaseTag.isRelease(live)).isFalse();
    assertThat(ReleaseTag.isRelease(live.withTag("rpi-e3b0c44298fc0"))).isFalse();
    assertThat(ReleaseTag.isRelease(live.withTag("rpi-latest"))).isFalse();
  }

  @Test
  void a_release_tag_is_of_one_repository() {
    ImageReference live = ImageReference.parse("localhost:5000/team/x:blue");

    assertThat(isOurs(live, "localhost:5000/team/x:rpi-e3b0c44298fc")).isTrue();
    assertThat(isOurs(live, "localhost:5000/team/y:rpi-e3b0c44298fc")).isFalse();
    assertThat(isOurs(live, "team/x:rpi-e3b0c44298fc")).isFalse();
    assertThat(isOurs(live, "localhost:5000/team/x:green")).isFalse();
  }

  private static boolean isOurs(ImageReference live, String other) {
    return ReleaseTag.isReleaseOf(live, ImageReference.parse(other));
  }

  @Test
  void names_may_be_as_long_as_for_Docker() {
    String longest = "a/" + "x".repeat(253);
    assertThat(ImageReference.parse(longest + ":" + "1".repeat(128)).tag()).hasSize(128);
    assertThatThrownBy(() -> ImageReference.parse(longest + "x"))
        .isInstanceOf(DeployException.class)
        .hasMessageEndingWith("it is too long");
  }

  @Test
  void what_is_no_name_is_not_found() {
    assertThat(ImageReference.find("<none>:<none>")).isEmpty();
    assertThat(ImageReference.find("x")).contains(ImageReference.parse("x:latest"));
  }
}
