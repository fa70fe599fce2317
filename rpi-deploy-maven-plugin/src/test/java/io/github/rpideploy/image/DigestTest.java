package io.github.rpideploy.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.rpideploy.DeployException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DigestTest {

  private static final String EMPTY =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  @Test
  void readsAndWritesTheFormThatDockerPrints() {
    Digest digest = Digest.parse("sha256:" + EMPTY);

    assertThat(digest).isEqualTo(Digest.of(new byte[0])).hasToString("sha256:" + EMPTY);
    assertThat(digest.hex()).isEqualTo(EMPTY);
    assertThat(digest.shortHex()).isEqualTo("e3b0c44298fc");
  }

  @Test
  void computesTheSameInPiecesAndAtOnce() {
    byte[] content = "a layer".getBytes(StandardCharsets.UTF_8);
    var computation = Digest.sha256();
    computation.update(content, 0, 3);
    computation.update(content, 3, content.length - 3);

    assertThat(Digest.finish(computation)).isEqualTo(Digest.of(content));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "sha256:",
        "sha256:e3b0c442",
        EMPTY,
        "sha256:E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855",
        "sha256:" + EMPTY + "00",
        "sha256:" + EMPTY + "\n",
        "sha512:" + EMPTY
      })
  void refusesEverythingElse(String text) {
    assertThatThrownBy(() -> Digest.parse(text))
        .isInstanceOf(DeployException.class)
        .hasMessageContaining("is not a SHA-256 digest");
  }
}
