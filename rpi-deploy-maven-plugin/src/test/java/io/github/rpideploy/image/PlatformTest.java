package io.github.rpideploy.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.rpideploy.DeployException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlatformTest {

  @ParameterizedTest
  @CsvSource({
    "linux/arm64, linux/arm64",
    "linux/arm64/v8, linux/arm64",
    "linux/arm64/8, linux/arm64",
    "linux/aarch64, linux/arm64",
    "Linux/ARM64, linux/arm64",
    "linux/x86_64, linux/amd64",
    "linux/amd64/v1, linux/amd64",
    "linux/amd64/v3, linux/amd64/v3",
    "linux/arm, linux/arm",
    "linux/arm/7, linux/arm/v7",
    "linux/armhf, linux/arm/v7",
    "linux/armel, linux/arm/v6",
    "linux/i386, linux/386",
  })
  void bringsSpellingsToOneForm(String text, String expected) {
    assertThat(Platform.parse(text)).hasToString(expected).isEqualTo(Platform.parse(expected));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "arm64",
        "linux/",
        "/arm64",
        "linux/arm64/v8/x",
        "linux/arm 64",
        "lin\u001b/x"
      })
  void refusesWhatIsNoPlatform(String text) {
    assertThatThrownBy(() -> Platform.parse(text))
        .isInstanceOf(DeployException.class)
        .hasMessageContaining("is not a platform")
        .hasMessageNotContainingAny("\u001b");
  }

  @ParameterizedTest
  @CsvSource({
    "linux/arm64, linux/arm64/v8, true",
    "linux/arm64/v8, linux/arm64, true",
    "linux/arm64, linux/amd64, false",
    "linux/arm64, linux/arm/v7, false",
    "linux/arm/v7, linux/arm64, false",
    "linux/arm/v7, linux/arm/v6, true",
    "linux/arm/v6, linux/arm/v7, false",
    "linux/arm, linux/arm/v7, true",
    "linux/arm/v7, linux/arm, true",
    "linux/arm64, windows/arm64, false",
    "linux/amd64/v3, linux/amd64/v2, true",
    "linux/arm/v7, linux/arm/hf, false",
  })
  void aMachineAcceptsItsOwnArchitectureAndNoNewerVariant(
      String machine, String image, boolean expected) {
    assertThat(Platform.parse(machine).accepts(Platform.parse(image))).isEqualTo(expected);
  }

  @Test
  void anEmptyVariantIsNone() {
    assertThat(new Platform("linux", "arm64", "")).isEqualTo(Platform.parse("linux/arm64"));
  }
}
