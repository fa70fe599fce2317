package io.github.rpideploy.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.remote.Command;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.compression.BuiltinCompressions;
import org.apache.sshd.common.compression.Compression;
import org.apache.sshd.common.compression.CompressionDelayedZlib;
import org.apache.sshd.common.kex.KexProposalOption;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandCompressionTest {

  private static final int LARGEST = 32 << 10;

  private final Compression ours = CommandCompression.FACTORY.create();
  private final Compression theirs = new CompressionDelayedZlib();
  private final Random random = new Random(7);

  CommandCompressionTest() {
    ours.init(Compression.Type.Deflater, -1);
    theirs.init(Compression.Type.Inflater, -1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void whatever_is_sent_arrives(int seed) throws Exception {
    random.setSeed(seed);
    for (int packet = 0; packet < 300; packet++) {
      byte[] plain = random.nextBoolean() ? script() : layer();

      assertThat(read(sent(plain))).as("packet %s of seed %s", packet, seed).isEqualTo(plain);
    }
  }

  @Test
  void a_layer_passes_as_it_is() throws Exception {
    byte[] layer = layer(LARGEST);
    read(sent(layer(LARGEST)));

    assertThat(sent(layer)).hasSize(layer.length + 5);
  }

  @Test
  void a_layer_may_be_the_first_that_is_sent() throws Exception {
    byte[] layer = layer(LARGEST);

    assertThat(read(sent(layer))).isEqualTo(layer);
  }

  @Test
  void a_packet_may_need_more_than_one_stored_block() throws Exception {
    byte[] layer = layer(200_000);

    assertThat(read(sent(layer))).isEqualTo(layer);
  }

  @Test
  void a_script_that_was_sent_before_takes_next_to_nothing() throws Exception {
    byte[] script = script(20_000);
    read(sent(script));

    assertThat(sent(script).length).isLessThan(300);
  }

  /** It would refer to what the deflater knows, further back by all that passed it. */
  @Test
  void nothing_refers_to_what_is_before_a_layer() throws Exception {
    byte[] script = script(2_000);
    read(sent(script));
    read(sent(layer(LARGEST)));

    assertThat(read(sent(script))).isEqualTo(script);
  }

  @Test
  void begins_anew_with_new_keys() throws Exception {
    byte[] script = script(2_000);
    read(sent(script));
    ours.init(Compression.Type.Deflater, -1);
    theirs.init(Compression.Type.Inflater, -1);

    assertThat(read(sent(script))).isEqualTo(script);
  }

  @Test
  void is_used_where_the_server_allows_it(@TempDir Path home) {
    try (Pi pi = Pi.running();
        SshConnection connection = pi.connect(home)) {
      assertThat(connection.exec(Command.of("echo", "good")).stdout()).isEqualTo("good\n");
      assertThat(negotiated(pi)).containsOnly("zlib@openssh.com");
    }
  }

  @Test
  void is_not_used_where_the_server_does_not(@TempDir Path home) {
    try (Pi pi = Pi.prepared()) {
      pi.server().setCompressionFactories(List.of(BuiltinCompressions.none));
      pi.start();
      try (SshConnection connection = pi.connect(home)) {
        assertThat(connection.exec(Command.of("echo", "good")).stdout()).isEqualTo("good\n");
        assertThat(negotiated(pi)).containsOnly("none");
      }
    }
  }

  private static List<String> negotiated(Pi pi) {
    Session session = pi.server().getActiveSessions().get(0);
    return Stream.of(KexProposalOption.C2SCOMP, KexProposalOption.S2CCOMP)
        .map(session::getNegotiatedKexParameter)
        .toList();
  }

  /** As MINA calls it: the packet stands after its length, in an array that is larger. */
  private byte[] sent(byte[] plain) throws Exception {
    byte[] array = Arrays.copyOf(new byte[5], 5 + plain.length + 64);
    System.arraycopy(plain, 0, array, 5, plain.length);
    Buffer packet = new ByteArrayBuffer(array, 5, plain.length);
    ours.compress(packet);
    assertThat(packet.rpos()).isEqualTo(5);
    return packet.getCompactData();
  }

  private byte[] read(byte[] sent) throws Exception {
    Buffer plain = new ByteArrayBuffer();
    theirs.uncompress(new ByteArrayBuffer(sent), plain);
    return plain.getCompactData();
  }

  private byte[] script() {
    return script(1 + random.nextInt(LARGEST));
  }

  private byte[] script(int length) {
    byte[] script = new byte[length];
    for (int i = 0; i < length; i++) {
      script[i] = (byte) ('a' + random.nextInt(6));
    }
    script[0] = SshConstants.SSH_MSG_CHANNEL_REQUEST;
    return script;
  }

  private byte[] layer() {
    return layer(1 + random.nextInt(LARGEST));
  }

  private byte[] layer(int length) {
    byte[] layer = new byte[length];
    random.nextBytes(layer);
    layer[0] = SshConstants.SSH_MSG_CHANNEL_DATA;
    return layer;
  }
}
