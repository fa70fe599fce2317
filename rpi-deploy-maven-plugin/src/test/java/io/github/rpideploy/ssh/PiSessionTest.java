package io.github.rpideploy.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.client.session.ClientSessionImpl;
import org.apache.sshd.client.session.SessionFactory;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.core.CoreModuleProperties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The other side accepts the connection, and never reads a byte. */
class PiSessionTest {

  /** What the system takes for sent, so that little of it hides from the count. */
  private static final int SOCKET_BUFFER = 4096;

  /** What one command may have unsent, see {@link PacedWriter}. */
  private static final int PACKETS_OF_A_COMMAND = 32;

  /** As many commands as sshd runs on one connection. */
  private static final int COMMANDS = 10;

  private final SshClient client = SshClient.setUpDefaultClient();
  private ServerSocket server;
  private Socket unread;
  private ClientSession session;

  @BeforeEach
  void connect() throws Exception {
    server = new ServerSocket();
    server.setReceiveBufferSize(SOCKET_BUFFER);
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    CoreModuleProperties.SOCKET_SNDBUF.set(client, SOCKET_BUFFER);
    client.setSessionFactory(
        new SessionFactory(client) {
          @Override
          protected ClientSessionImpl doCreateSession(IoSession io) throws Exception {
            return new PiSession(client, io, io.getRemoteAddress());
          }
        });
    client.start();
    session =
        client
            .connect("pi", server.getInetAddress().getHostAddress(), server.getLocalPort())
            .verify(10, TimeUnit.SECONDS)
            .getSession();
    unread = server.accept();
  }

  @AfterEach
  void end() throws Exception {
    client.stop();
    unread.close();
    server.close();
  }

  /** MINA needs long to end a session with many unsent packets, however small they are. */
  @Test
  void small_packets_end_it_before_there_are_too_many_to_end_it_quickly() throws Exception {
    assertThat(writeUntilItEnds(0, 10_000)).isBetween(3_000, 6_000);
  }

  @Test
  void large_packets_end_it_before_they_fill_the_memory() throws Exception {
    assertThat(writeUntilItEnds(30_000, 1_000) * 30_000L).isBetween(10L << 20, 18L << 20);
  }

  @Test
  void what_honest_commands_leave_unsent_does_not_end_it() throws Exception {
    int packets = PACKETS_OF_A_COMMAND * COMMANDS;
    assertThat(writeUntilItEnds(32 * 1024, packets)).isEqualTo(packets);
    assertThat(session.isOpen()).isTrue();
  }

  @Test
  void every_unsent_packet_fails_when_it_ends() throws Exception {
    List<IoWriteFuture> writes = new ArrayList<>();
    while (session.isOpen()) {
      writes.add(session.sendIgnoreMessage(new byte[30_000]));
    }
    for (IoWriteFuture write : writes) {
      assertThat(write.await(10, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(writes.get(writes.size() - 1).isWritten()).isFalse();
  }

  /** Returns how many packets it took, at most that many. */
  private int writeUntilItEnds(int size, int most) throws Exception {
    int written = 0;
    while (session.isOpen() && written < most) {
      session.sendIgnoreMessage(new byte[size]);
      written++;
    }
    return written;
  }
}
