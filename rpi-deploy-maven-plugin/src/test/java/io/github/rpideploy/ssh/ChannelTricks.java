package io.github.rpideploy.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.Tricks;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.remote.Stdin;
import io.github.rpideploy.ssh.HostileServer.Play;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.sshd.client.future.DefaultOpenFuture;
import org.apache.sshd.client.future.OpenFuture;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.channel.ChannelSessionFactory;

/** What a server may do instead of running a command. */
final class ChannelTricks {

  private static final Stdin NOTHING = Stdin.EMPTY;
  private static final int MIB = 1 << 20;
  private static final long FOUR_GIB = 0xffffffffL;
  private static final String TYPE = "x".repeat(30_000);

  private ChannelTricks() {}

  static void addTo(Tricks tricks) {
    endless(tricks, "errors without an end", it -> HostileServer.endless(it.err));
    endless(tricks, "a byte now and then", ChannelTricks::trickle);
    endless(tricks, "a command without an end", server -> {});
    endless(tricks, "data for a channel that is not there", ChannelTricks::elsewhere);
    endless(tricks, "a window beyond its limit", ChannelTricks::window);
    endless(tricks, "failures that nobody asked for", ChannelTricks::failures);
    refused(tricks, "output without an end", it -> HostileServer.endless(it.out), "MiB");
    refused(tricks, "no exit status", it -> it.channel().close(false), "closed the channel");
    refused(tricks, "more than the window allows", ChannelTricks::overflow);
    refused(tricks, "data after the end", ChannelTricks::afterEnd);
    refused(tricks, "a request of a channel that is garbage", ChannelTricks::halfRequest);
    tricks.refused(
        "noise and no command",
        home -> runShortly(home, it -> HostileServer.endless(it.out)),
        "did not end within 0 s");
    raw(tricks, "an end before the command", it -> it.exit.onExit(0), "was not run");
    raw(tricks, "escape sequences in place of a command", ChannelTricks::noise, "was not run");
    tricks.harmless("a signal of escape sequences", ChannelTricks::signal);
    tricks.harmless("an exit status of four billion", ChannelTricks::status);
    tricks.harmless("zeros and broken UTF-8", ChannelTricks::broken);
    tricks.harmless("extended data of an unknown type", ChannelTricks::extended);
    tricks.refused("a window of four gigabytes and no reader", ChannelTricks::noReader);
    tricks.refused("packets of no bytes", home -> confirmed(home, 0));
    tricks.refused("packets of four gigabytes", home -> confirmed(home, FOUR_GIB));
  }

  /** Nothing ends the command but the time that it has. */
  private static void endless(Tricks tricks, String name, Play play) {
    tricks.refused(
        name, home -> runShortly(home, HostileServer.begun(play)), "did not end within 0 s");
  }

  private static void runShortly(Path home, Play play) throws IOException {
    HostileServer.run(
        HostileServer.pi(play), home, NOTHING, HostileServer.SHORT, HostileServer.LONG);
  }

  private static void refused(Tricks tricks, String name, Play play, String... words) {
    raw(tricks, name, HostileServer.begun(play), words);
  }

  private static void raw(Tricks tricks, String name, Play play, String... words) {
    tricks.refused(name, home -> HostileServer.run(HostileServer.pi(play), home, NOTHING), words);
  }

  private static void trickle(HostileServer server) throws IOException {
    while (true) {
      server.print(".");
    }
  }

  private static void noise(HostileServer server) throws IOException {
    server.print(HandshakeTricks.ESCAPES.repeat(1000));
    server.exit.onExit(1);
  }

  private static void failures(HostileServer server) throws IOException {
    server.send(server.toChannel(SshConstants.SSH_MSG_CHANNEL_FAILURE));
    server.send(server.toChannel(SshConstants.SSH_MSG_CHANNEL_FAILURE));
  }

  private static void overflow(HostileServer server) throws IOException {
    server.flood(() -> server.data(0, TYPE));
  }

  private static void afterEnd(HostileServer server) throws IOException {
    server.send(server.toChannel(SshConstants.SSH_MSG_CHANNEL_EOF));
    server.flood(() -> server.data(0, TYPE));
  }

  private static void elsewhere(HostileServer server) throws IOException {
    Buffer buffer = server.message(SshConstants.SSH_MSG_CHANNEL_DATA);
    buffer.putInt(4711);
    buffer.putString("boo");
    server.send(buffer);
  }

  private static void window(HostileServer server) throws IOException {
    for (int i = 0; i < 10; i++) {
      Buffer buffer = server.toChannel(SshConstants.SSH_MSG_CHANNEL_WINDOW_ADJUST);
      buffer.putUInt(FOUR_GIB);
      server.send(buffer);
    }
  }

  private static void halfRequest(HostileServer server) throws IOException {
    Buffer buffer = server.toChannel(SshConstants.SSH_MSG_CHANNEL_REQUEST);
    buffer.putInt(Integer.MAX_VALUE);
    server.send(buffer);
  }

  private static void signal(Path home) throws IOException {
    ExecResult result =
        HostileServer.run(
            home,
            server -> {
              Buffer buffer = server.request("exit-signal");
              buffer.putString(HandshakeTricks.ESCAPES);
              buffer.putBoolean(true);
              buffer.putString(HandshakeTricks.ESCAPES + TYPE.repeat(7));
              buffer.putString("en");
              server.send(buffer);
              server.channel().close(false);
            });
    assertThat(result.ok()).isFalse();
  }

  private static void status(Path home) throws IOException {
    ExecResult result =
        HostileServer.run(
            home,
            server -> {
              Buffer buffer = server.request("exit-status");
              buffer.putUInt(FOUR_GIB);
              server.send(buffer);
              server.channel().close(false);
            });
    assertThat(result.ok()).isFalse();
  }

  private static void broken(Path home) throws IOException {
    ExecResult result =
        HostileServer.run(
            home,
            server -> {
              server.print("\0\0\u00c0\u0080\u00ff\u00fe");
              server.exit.onExit(0);
            });
    assertThat(result.stdout()).isEqualTo("\0\0\ufffd\ufffd\ufffd\ufffd");
  }

  private static void extended(Path home) throws IOException {
    ExecResult result =
        HostileServer.run(
            home,
            server -> {
              server.send(server.data(99, "not shown"));
              server.exit.onExit(0);
            });
    assertThat(result.stdout() + result.stderr()).isEmpty();
  }

  private static void noReader(Path home) throws IOException {
    Pi pi = HostileServer.pi(HostileServer.begun(HostileServer::readNoMore));
    CoreModuleProperties.WINDOW_SIZE.set(pi.server(), FOUR_GIB);
    Stdin much = out -> Streams.random(out, 256 * MIB, null);
    HostileServer.run(pi, home, much, HostileServer.LONG, HostileServer.SHORT);
  }

  /** The server takes packets of that size only. */
  private static void confirmed(Path home, long packetSize) throws IOException {
    Pi pi = HostileServer.pi(HostileServer.begun(server -> {}));
    pi.server()
        .setChannelFactories(
            List.of(
                new ChannelSessionFactory() {
                  @Override
                  public Channel createChannel(Session session) {
                    return new Confirmed(packetSize);
                  }
                }));
    HostileServer.run(pi, home, out -> Streams.random(out, 8 * MIB, null));
  }

  private static final class Confirmed extends ChannelSession {

    private final long packetSize;

    Confirmed(long packetSize) {
      this.packetSize = packetSize;
    }

    @Override
    public OpenFuture open(long recipient, long window, long size, Buffer buffer) {
      super.open(recipient, window, size, buffer);
      Buffer answer = getSession().createBuffer(SshConstants.SSH_MSG_CHANNEL_OPEN_CONFIRMATION);
      answer.putUInt(recipient);
      answer.putUInt(getChannelId());
      answer.putUInt(MIB);
      answer.putUInt(packetSize);
      try {
        getSession().writePacket(answer);
      } catch (IOException e) {
        throw new AssertionError(e);
      }
      return new DefaultOpenFuture(this, this);
    }
  }
}
