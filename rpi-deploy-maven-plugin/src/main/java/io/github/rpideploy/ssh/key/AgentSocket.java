package io.github.rpideploy.ssh.key;

import java.io.EOFException;
import java.io.IOException;
import java.io.StreamCorruptedException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.sshd.agent.common.AbstractAgentProxy;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;

/**
 * An ssh-agent behind a Unix-domain socket (draft-ietf-sshm-ssh-agent), or behind a named pipe of
 * Windows, without the native library that MINA's own agent client needs.
 */
final class AgentSocket extends AbstractAgentProxy {

  /** OpenSSH's own limit for one message. */
  private static final int MAX_REPLY = 256 * 1024;

  private static final String NAMED_PIPES = "\\\\.\\pipe\\";

  private final ByteChannel channel;

  private AgentSocket(ByteChannel channel) {
    super(null);
    this.channel = channel;
  }

  /**
   * @throws IOException when nobody listens there
   */
  static AgentSocket open(Path socket) throws IOException {
    if (socket.toString().startsWith(NAMED_PIPES)) {
      return new AgentSocket(
          FileChannel.open(socket, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.connect(UnixDomainSocketAddress.of(socket));
      return new AgentSocket(channel);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public boolean isOpen() {
    return channel.isOpen();
  }

  @Override
  public void close() throws IOException {
    channel.close();
    super.close();
  }

  @Override
  protected synchronized Buffer request(Buffer request) throws IOException {
    ByteBuffer out = ByteBuffer.wrap(request.array(), request.rpos(), request.available());
    while (out.hasRemaining()) {
      channel.write(out);
    }
    int length = read(Integer.BYTES).getInt();
    if (length < 1 || length > MAX_REPLY) {
      throw new StreamCorruptedException("the ssh-agent answers with " + length + " bytes");
    }
    return new ByteArrayBuffer(read(length).array());
  }

  private ByteBuffer read(int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes) < 0) {
        throw new EOFException("the ssh-agent has closed the connection");
      }
    }
    return bytes.flip();
  }
}
