package io.github.rpideploy.ssh;

import io.github.rpideploy.Tricks;
import io.github.rpideploy.ssh.settings.SshSettings;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;

/** What a server may say before anybody knows who it is. */
final class HandshakeTricks {

  static final String ESCAPES = "\033]52;c;eA==\007\r\n[INFO] BUILD SUCCESS\n\u009b2J\033[31m\0";

  private static final String VERSION = "SSH-2.0-OpenSSH_9.6\r\n";

  private HandshakeTricks() {}

  /** What the server says; it does not listen. */
  private interface Talk {
    void to(OutputStream out) throws IOException;
  }

  static void addTo(Tricks tricks) {
    refused(tricks, "lines before the version without an end", endless("Welcome!\r\n"));
    refused(tricks, "a first line without an end", endless("SSH-2.0-x"));
    refused(tricks, "zeros without an end", endless("\0\0\0\0\0\0\0\0"));
    refused(tricks, "a version of escape sequences", text("SSH-2.0-" + ESCAPES + "\r\n"));
    refused(tricks, "escape sequences and no version", text(ESCAPES + ESCAPES));
    refused(tricks, "a version that SSH has not had yet", text("SSH-9.9-future\r\n"));
    refused(tricks, "garbage after the version", HandshakeTricks::garbage);
    refused(
        tricks,
        "a packet of two gigabytes",
        out -> out.write(raw(VERSION, Integer.MAX_VALUE, new byte[64])));
    refused(tricks, "a packet of -1 bytes", out -> out.write(raw(VERSION, -1, new byte[64])));
    refused(tricks, "a packet of padding only", out -> out.write(raw(VERSION, 12, padding())));
    refused(
        tricks, "a key exchange of garbage", packets(packet(SshConstants.SSH_MSG_KEXINIT, "\1\2")));
    refused(tricks, "names of algorithms without an end", packets(proposal(0xffffffffL, "")));
    refused(
        tricks,
        "only algorithms that protect nothing",
        packets(proposal(4, "none")),
        "No secure connection");
    refused(tricks, "a goodbye with escape sequences", packets(disconnect(ESCAPES)));
    refused(tricks, "a goodbye of 200 kB", packets(disconnect("bye ".repeat(50_000))));
    refused(tricks, "messages to ignore without an end", HandshakeTricks::ignored);
    refused(tricks, "a login before the key exchange", packets(packet(52, "")));
    refused(tricks, "a command's output before the login", packets(packet(94, "\0\0\0\0")));
  }

  private static void refused(Tricks tricks, String name, Talk talk, String... words) {
    tricks.refused(name, home -> connect(home, talk), words);
  }

  private static void connect(Path home, Talk talk) throws IOException {
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread thread = new Thread(() -> serve(server, talk));
      thread.setDaemon(true);
      thread.start();
      SshConnection.open(settings(server.getLocalPort(), home), event -> {}).close();
    }
  }

  private static SshSettings settings(int port, Path home) {
    return SshSettings.of("127.0.0.1", port, "pi")
        .withKnownHosts(List.of(home.resolve(".given/known_hosts")))
        .withTimeouts(Duration.ofMillis(300), Duration.ofMillis(300));
  }

  private static void serve(ServerSocket server, Talk talk) {
    try (Socket socket = server.accept();
        InputStream in = socket.getInputStream()) {
      talk.to(socket.getOutputStream());
      socket.shutdownOutput();
      in.readAllBytes();
    } catch (IOException e) {
      // It has heard enough.
    }
  }

  private static Talk text(String text) {
    return out -> out.write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static Talk endless(String text) {
    byte[] much = text.repeat(4096).getBytes(StandardCharsets.US_ASCII);
    return out -> {
      while (true) {
        out.write(much);
      }
    };
  }

  private static void garbage(OutputStream out) throws IOException {
    out.write(VERSION.getBytes(StandardCharsets.US_ASCII));
    byte[] bytes = new byte[64 * 1024];
    new Random(7).nextBytes(bytes);
    out.write(bytes);
  }

  private static void ignored(OutputStream out) throws IOException {
    byte[] packet = packet(SshConstants.SSH_MSG_IGNORE, "x".repeat(30_000));
    out.write(VERSION.getBytes(StandardCharsets.US_ASCII));
    while (true) {
      out.write(packet);
    }
  }

  private static Talk packets(byte[] packet) {
    return out -> {
      out.write(VERSION.getBytes(StandardCharsets.US_ASCII));
      out.write(packet);
    };
  }

  private static byte[] disconnect(String text) {
    Buffer buffer = new ByteArrayBuffer();
    buffer.putInt(SshConstants.SSH2_DISCONNECT_BY_APPLICATION);
    buffer.putString(text);
    buffer.putString("en");
    return packet(SshConstants.SSH_MSG_DISCONNECT, buffer.getCompactData());
  }

  private static byte[] proposal(long length, String names) {
    Buffer buffer = new ByteArrayBuffer();
    buffer.putRawBytes(new byte[SshConstants.MSG_KEX_COOKIE_SIZE]);
    for (int i = 0; i < 10; i++) {
      buffer.putUInt(length);
      buffer.putRawBytes(names.getBytes(StandardCharsets.US_ASCII));
    }
    buffer.putBoolean(false);
    buffer.putInt(0);
    return packet(SshConstants.SSH_MSG_KEXINIT, buffer.getCompactData());
  }

  private static byte[] packet(int message, String content) {
    return packet(message, content.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** As RFC 4253, 6 has it before there is a key. */
  private static byte[] packet(int message, byte[] content) {
    int padding = 8 + (8 - (content.length + 6 + 8) % 8) % 8;
    byte[] body = new byte[1 + 1 + content.length + padding];
    body[0] = (byte) padding;
    body[1] = (byte) message;
    System.arraycopy(content, 0, body, 2, content.length);
    return raw("", body.length, body);
  }

  private static byte[] padding() {
    byte[] body = new byte[12];
    body[0] = (byte) 200;
    return body;
  }

  private static byte[] raw(String before, int length, byte[] body) {
    try (ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes)) {
      out.write(before.getBytes(StandardCharsets.US_ASCII));
      out.writeInt(length);
      out.write(body);
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
