package io.github.rpideploy.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.Tricks;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.remote.Stdin;
import io.github.rpideploy.ssh.HostileServer.Play;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;

/** What a server may ask of us while it runs a command. */
final class RequestTricks {

  private static final int MIB = 1 << 20;
  private static final String TYPE = "x".repeat(30_000);

  /** What the server calls a channel that it opens. */
  private static final int SENDER = 77;

  /** What a busy machine may take for the answers that are too many. */
  private static final Duration FLOOD = Duration.ofSeconds(60);

  private RequestTricks() {}

  static void addTo(Tricks tricks) {
    for (String type :
        List.of("session", "x11", "auth-agent@openssh.com", "direct-tcpip", "forwarded-tcpip")) {
      tricks.harmless("a channel of type " + type, home -> opens(home, type));
    }
    for (String request :
        List.of("tcpip-forward", "streamlocal-forward@openssh.com", "shutdown@example.com")) {
      tricks.harmless("a request of type " + request, home -> asks(home, request));
    }
    tricks.harmless("other host keys for known_hosts", RequestTricks::otherHostKeys);
    flood(tricks, "questions whose answers nobody reads", RequestTricks::questions);
    flood(tricks, "channels whose refusals nobody reads", RequestTricks::channels);
    flood(tricks, "messages that nobody knows", RequestTricks::unknown);
  }

  private static void flood(Tricks tricks, String name, Play play) {
    tricks.refused(
        name,
        home ->
            HostileServer.run(
                HostileServer.pi(HostileServer.begun(play)), home, Stdin.EMPTY, FLOOD, FLOOD),
        "was lost");
  }

  private static Buffer opening(HostileServer server, String type) {
    Buffer buffer = server.message(SshConstants.SSH_MSG_CHANNEL_OPEN);
    buffer.putString(type);
    buffer.putInt(SENDER);
    buffer.putInt(MIB);
    buffer.putInt(MIB / 32);
    buffer.putString("127.0.0.1");
    buffer.putInt(22);
    buffer.putString("127.0.0.1");
    buffer.putInt(22);
    return buffer;
  }

  private static void opens(Path home, String type) throws Exception {
    BlockingQueue<Integer> answers = new LinkedBlockingQueue<>();
    Pi pi =
        HostileServer.pi(
            HostileServer.begun(
                server -> {
                  server.send(opening(server, type));
                  answers.poll(2, TimeUnit.SECONDS);
                  server.exit.onExit(answers.isEmpty() ? 0 : 1);
                }));
    pi.server()
        .setUnknownChannelReferenceHandler(
            (service, command, id, buffer) -> {
              answers.add(id == SENDER ? command & 0xff : -1);
              answers.add(id == SENDER ? command & 0xff : -1);
              return null;
            });
    HostileServer.run(pi, home, Stdin.EMPTY);
    assertThat(answers).containsOnly(SshConstants.SSH_MSG_CHANNEL_OPEN_FAILURE & 0xff);
  }

  private static void asks(Path home, String request) throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    ExecResult result =
        HostileServer.run(
            home,
            server -> {
              Buffer buffer = server.message(SshConstants.SSH_MSG_GLOBAL_REQUEST);
              buffer.putString(request);
              buffer.putBoolean(true);
              buffer.putString(request.startsWith("tcp") ? "127.0.0.1" : home + "/evil.sock");
              buffer.putInt(port);
              Session session = server.channel().getSession();
              server.exit.onExit(session.request(request, buffer, 2000) == null ? 0 : 1);
            });
    assertThat(result.exitStatus()).as("it was refused").isZero();
    new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
  }

  private static void otherHostKeys(Path home) throws IOException {
    Path known = home.resolve(".given/known_hosts");
    String[] before = new String[1];
    HostileServer.run(
        home,
        server -> {
          before[0] = Files.readString(known);
          Buffer buffer = server.message(SshConstants.SSH_MSG_GLOBAL_REQUEST);
          buffer.putString("hostkeys-00@openssh.com");
          buffer.putBoolean(false);
          for (int i = 0; i < 50; i++) {
            buffer.putPublicKey(Keys.ed25519().getPublic());
            buffer.putString("ssh-garbage");
          }
          server.send(buffer);
          server.exit.onExit(0);
        });
    assertThat(known).hasContent(before[0]);
  }

  private static void questions(HostileServer server) throws IOException {
    server.readNoMore();
    server.flood(
        () -> {
          Buffer buffer = server.message(SshConstants.SSH_MSG_GLOBAL_REQUEST);
          buffer.putString("keepalive@openssh.com");
          buffer.putBoolean(true);
          return buffer;
        });
  }

  /** The refusal of each says which type is not known. */
  private static void channels(HostileServer server) throws IOException {
    server.readNoMore();
    server.flood(() -> opening(server, TYPE));
  }

  private static void unknown(HostileServer server) throws IOException {
    server.readNoMore();
    server.flood(() -> server.message(200));
  }
}
