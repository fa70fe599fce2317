package io.github.rpideploy.ssh;

import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;
import java.util.zip.Deflater;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.compression.BaseCompression;
import org.apache.sshd.common.compression.Compression;
import org.apache.sshd.common.compression.CompressionDelayedZlib;
import org.apache.sshd.common.util.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * OpenSSH's compression {@code zlib@openssh.com}, which begins after the login, for commands and
 * their answers: scripts have much in common, and each takes a tenth of its size. Layers are
 * compressed already, so they pass in blocks of zlib that are stored as they are.
 */
final class CommandCompression extends BaseCompression {

  private static final String NAME = "zlib@openssh.com";

  /** Offers this compression. A server that allows none has the connection go without. */
  static final NamedFactory<Compression> FACTORY = new Factory();

  /** Data in larger packets than this is that of layers: 16 KiB, half of what a packet may hold. */
  private static final int LAYERS = 16 << 10;

  /** Of a block that zlib stores, RFC 1951, section 3.2.4: its length is two bytes. */
  private static final int LARGEST_STORED = 0xffff;

  private final CompressionDelayedZlib answers = new CompressionDelayedZlib();
  private final byte[] compressed = new byte[8 << 10];

  /** MINA has one object for each direction: that of the answers needs none. */
  private @Nullable Deflater deflater;

  /** Whether the deflater refers to nothing that it has seen, so that stored blocks may come. */
  private boolean forgot;

  private CommandCompression() {
    super(NAME);
  }

  @Override
  public boolean isDelayed() {
    return true;
  }

  @Override
  public void init(Type type, int level) {
    if (type == Type.Inflater) {
      answers.init(type, level);
    } else {
      deflater = new Deflater(level);
      forgot = false;
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>MINA's own writes over what it has not read yet when that does not become smaller.
   */
  @Override
  public void compress(Buffer packet) {
    byte[] plain = Arrays.copyOfRange(packet.array(), packet.rpos(), packet.wpos());
    packet.wpos(packet.rpos());
    if (isOfLayers(plain)) {
      store(plain, packet);
    } else {
      deflater().setInput(plain);
      flush(Deflater.SYNC_FLUSH, packet);
      forgot = false;
    }
  }

  private static boolean isOfLayers(byte[] plain) {
    return plain.length > LAYERS && plain[0] == SshConstants.SSH_MSG_CHANNEL_DATA;
  }

  /** The deflater does not learn of stored blocks, so it must not refer to anything before them. */
  private void store(byte[] plain, Buffer packet) {
    if (!forgot) {
      flush(Deflater.FULL_FLUSH, packet);
      forgot = true;
    }
    for (int from = 0; from < plain.length; from += LARGEST_STORED) {
      int length = Math.min(LARGEST_STORED, plain.length - from);
      packet.putByte((byte) 0);
      packet.putByte((byte) length);
      packet.putByte((byte) (length >> Byte.SIZE));
      packet.putByte((byte) ~length);
      packet.putByte((byte) (~length >> Byte.SIZE));
      packet.putRawBytes(plain, from, length);
    }
  }

  private void flush(int mode, Buffer packet) {
    int length;
    do {
      length = deflater().deflate(compressed, 0, compressed.length, mode);
      packet.putRawBytes(compressed, 0, length);
    } while (length == compressed.length);
  }

  private Deflater deflater() {
    return Objects.requireNonNull(deflater);
  }

  @Override
  public void uncompress(Buffer from, Buffer to) throws IOException {
    answers.uncompress(from, to);
  }

  private static final class Factory implements NamedFactory<Compression> {
    @Override
    public String getName() {
      return NAME;
    }

    @Override
    public Compression create() {
      return new CommandCompression();
    }
  }
}
