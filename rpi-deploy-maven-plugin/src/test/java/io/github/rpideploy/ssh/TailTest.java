package io.github.rpideploy.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TailTest {

  @Test
  void little_is_kept_whole() {
    Tail tail = new Tail(10);
    tail.write('a');
    tail.write("bc".getBytes(StandardCharsets.US_ASCII), 0, 2);
    assertThat(tail.text()).isEqualTo("abc");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 9, 10, 11, 19, 20, 21, 50})
  void of_much_the_end_is_kept(int piece) {
    StringBuilder all = new StringBuilder();
    Random random = new Random(piece);
    Tail tail = new Tail(10);
    for (int i = 0; i < 100; i++) {
      StringBuilder text = new StringBuilder();
      random.ints(piece, 'a', 'z').forEach(c -> text.append((char) c));
      all.append(text);
      tail.write(text.toString().getBytes(StandardCharsets.US_ASCII), 0, piece);
      assertThat(tail.text()).isEqualTo(all.substring(Math.max(0, all.length() - 10)));
    }
  }
}
