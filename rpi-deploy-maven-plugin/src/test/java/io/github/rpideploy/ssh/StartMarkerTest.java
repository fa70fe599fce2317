package io.github.rpideploy.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StartMarkerTest {

  private final ByteArrayOutputStream after = new ByteArrayOutputStream();
  private final StartMarker marker = new StartMarker("abc", after);

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 7, 100})
  void what_comes_after_the_marker_passes_in_whatever_pieces_it_comes(int piece)
      throws IOException {
    byte[] bytes = "welcome ==ab =abc\n= out =abc\n more".getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < bytes.length; i += piece) {
      marker.write(bytes, i, Math.min(piece, bytes.length - i));
    }
    assertThat(marker.seen()).isTrue();
    assertThat(after).hasToString("= out =abc\n more");
  }

  @Test
  void without_the_marker_nothing_passes_and_the_noise_is_kept() throws IOException {
    for (byte b : "This account is\nnot available =abc".getBytes(StandardCharsets.US_ASCII)) {
      marker.write(b);
    }
    assertThat(marker.seen()).isFalse();
    assertThat(after.size()).isZero();
    assertThat(marker.noise()).isEqualTo("This account is\nnot available =abc");
  }

  @Test
  void endless_noise_is_not_kept() throws IOException {
    for (int i = 0; i < 100; i++) {
      marker.write(new byte[1000], 0, 1000);
    }
    assertThat(marker.noise().length()).isLessThanOrEqualTo(2048);
  }
}
