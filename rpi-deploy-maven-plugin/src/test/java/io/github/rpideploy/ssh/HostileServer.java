package io.github.rpideploy.ssh;

import io.github.rpideploy.remote.Command;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.remote.Stdin;
import io.github.rpideploy.ssh.settings.SecretPrompt;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.channel.ChannelSession;

/** The server's side of a command: it says what it likes in place of the command's output. */
final class HostileServer extends StreamCommand {

  /** Lets the client wait for an answer, or for the end of a command. */
  static final Duration SHORT = Duration.ofMillis(150);

  static final Duration LONG = Duration.ofSeconds(8);
  private static final int AT_ONCE = 100;
  private static final String MARKER = "0123456789";

  /** What the server does when it is asked to run a command. */
  @FunctionalInterface
  interface Play {
    void on(HostileServer server) throws Exception;
  }

  private final ChannelSession channel;
  private final Play play;

  private HostileServer(ChannelSession channel, Play play) {
    this.channel = channel;
    this.play = play;
  }

  static Pi pi(Play play) {
    Pi pi = Pi.prepared();
    // Neither are the answers to us kept in between.
    CoreModuleProperties.SOCKET_RCVBUF.set(pi.server(), 8 * 1024);
    pi.server().setCommandFactory((channel, line) -> new HostileServer(channel, play));
    return pi;
  }

  /** The same after the command has started. */
  static Play begun(Play play) {
    return server -> {
      server.begin();
      play.on(server);
    };
  }

  /** Runs a command that starts. */
  static ExecResult run(Path home, Play play) throws IOException {
    return run(pi(begun(play)), home, Stdin.EMPTY);
  }

  /** Runs a command there. It, and a silent connection, have time enough to fill the memory. */
  static ExecResult run(Pi prepared, Path home, Stdin stdin) throws IOException {
    return run(prepared, home, stdin, LONG, LONG);
  }

  /**
   * @param time how long the command may take
   * @param keepAlive how long the connection may be silent, a quarter of it
   */
  static ExecResult run(Pi prepared, Path home, Stdin stdin, Duration time, Duration keepAlive)
      throws IOException {
    try (Pi pi = prepared.start();
        SshConnection connection = connect(pi, home, keepAlive)) {
      return connection.exec(Command.of("docker", "version").within(time), stdin);
    }
  }

  private static SshConnection connect(Pi pi, Path home, Duration keepAlive) throws IOException {
    Path given = Files.createDirectories(home.resolve(".given"));
    return SshConnection.open(
        pi.settings(given).withTimeouts(Duration.ofSeconds(4), keepAlive),
        event -> {},
        SecretPrompt.NOBODY,
        () -> MARKER);
  }

  @Override
  public void start(ChannelSession open, Environment environment) {
    Thread thread =
        new Thread(
            () -> {
              try {
                play.on(this);
              } catch (Exception e) {
                // The client has heard enough.
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void destroy(ChannelSession closed) {}

  ChannelSession channel() {
    return channel;
  }

  /** The command has started. */
  void begin() throws IOException {
    print("=" + MARKER + "\n");
  }

  void print(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  static void endless(OutputStream stream) throws IOException {
    byte[] much = "x".repeat(60_000).getBytes(StandardCharsets.US_ASCII);
    while (true) {
      stream.write(much);
      stream.flush();
    }
  }

  Buffer message(int command) {
    return channel.getSession().createBuffer((byte) command);
  }

  Buffer toChannel(int command) {
    Buffer buffer = message(command);
    buffer.putUInt(channel.getRecipient());
    return buffer;
  }

  /** Bypasses the window of the channel. */
  void send(Buffer buffer) throws IOException {
    channel.getSession().writePacket(buffer).await(5, TimeUnit.SECONDS);
  }

  /** The same without an end, some at a time, so that this side keeps nothing. */
  void flood(Supplier<Buffer> message) throws IOException {
    Session session = channel.getSession();
    while (session.isOpen()) {
      for (int i = 0; i < AT_ONCE; i++) {
        session.writePacket(message.get());
      }
      send(message.get());
    }
  }

  Buffer data(int type, String text) {
    boolean extended = type > 0;
    Buffer buffer =
        toChannel(
            extended
                ? SshConstants.SSH_MSG_CHANNEL_EXTENDED_DATA
                : SshConstants.SSH_MSG_CHANNEL_DATA);
    if (extended) {
      buffer.putInt(type);
    }
    buffer.putString(text);
    return buffer;
  }

  Buffer request(String name) {
    Buffer buffer = toChannel(SshConstants.SSH_MSG_CHANNEL_REQUEST);
    buffer.putString(name);
    buffer.putBoolean(false);
    return buffer;
  }

  /** What the client sends stays where it is. */
  void readNoMore() {
    ((org.apache.sshd.common.session.helpers.AbstractSession) channel.getSession())
        .getIoSession()
        .suspendRead();
  }
}
