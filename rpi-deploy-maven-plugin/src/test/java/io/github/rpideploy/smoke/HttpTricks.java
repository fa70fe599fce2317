package io.github.rpideploy.smoke;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.Tricks;
import io.github.rpideploy.remote.Command;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.remote.Stdin;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** What a service may answer to a smoke test through the Pi. */
public final class HttpTricks {

  private static final Duration TIME = Duration.ofMillis(500);
  private static final String OK = "HTTP/1.1 200 OK\r\n";
  private static final int SHOWN = 10_000;

  private HttpTricks() {}

  /** What the service says, without listening. */
  private interface Talk {
    void to(OutputStream out) throws IOException;
  }

  public static void addTo(Tricks tricks) {
    fails(tricks, "headers without an end", endless(OK, "X-A: b\r\n"));
    fails(tricks, "a header without an end", endless(OK + "X-A: ", "x"));
    fails(tricks, "a first line without an end", endless("HTTP/1.1 200 ", "x"));
    fails(tricks, "continuations without an end", endless("", "HTTP/1.1 100 Continue\r\n\r\n"));
    fails(tricks, "early hints without an end", endless("", "HTTP/1.1 103 Early Hints\r\n\r\n"));
    fails(tricks, "a body without an end", endless(OK + "\r\n", "x"));
    fails(
        tricks, "a chunk without an end", endless(OK + "Transfer-Encoding: chunked\r\n\r\n", "7"));
    fails(tricks, "garbage", endless("", "\0\1\2\r\n"));
    fails(tricks, "escape sequences", text("HTTP/1.1 500 \033]52;c;x\007\r\n\r\n\033[2J\0"));
    fails(tricks, "a way to a file", text(redirect("file:///etc/passwd")));
    fails(tricks, "a way to the cloud's secrets", text(redirect("http://169.254.169.254/")));
    fails(
        tricks,
        "a demand for a password",
        text("HTTP/1.1 401 No\r\nWWW-Authenticate: Basic\r\n\r\n"));
    fails(tricks, "a packed body", text(OK + "Content-Encoding: gzip\r\n\r\n\037\213\b\0\0\0\0\0"));
    fails(tricks, "an encoding that is not", text(OK + "Content-Type: a;charset=\033x\r\n\r\nx"));
    fails(
        tricks, "a length of 1e30", text(OK + "Content-Length: 1" + "0".repeat(30) + "\r\n\r\nx"));
    fails(tricks, "JSON that is nested deep", endless(OK + "\r\n", "["));
    fails(tricks, "JSON with a number of 1e999999", text(OK + "\r\n{\"status\":1e999999}"));
    BodyMatch expression = BodyMatch.matches("^(x?)(?:a|aa)*\\1$");
    String body = OK + "\r\n";
    fails(tricks, "a body too deep for an expression", endless(body, "a"), expression);
    fails(tricks, "a body searched for years", text(body + "a".repeat(80) + "b"), expression);
  }

  private static void fails(Tricks tricks, String name, Talk talk) {
    fails(tricks, name, talk, BodyMatch.hasValue("/status=UP"));
  }

  private static void fails(Tricks tricks, String name, Talk talk, BodyMatch expected) {
    tricks.harmless("smoke test: " + name, home -> attempt(talk, expected));
  }

  private static void attempt(Talk talk, BodyMatch expected) throws Exception {
    AtomicInteger asked = new AtomicInteger();
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread thread = new Thread(() -> serve(server, talk, asked));
      thread.setDaemon(true);
      thread.start();
      SmokeTest.Http test =
          SmokeTest.http("http://localhost:8081/health", 200, true, TIME)
              .withBody(List.of(expected));
      SmokeOutcome outcome = new HttpTester(new Through(server.getLocalPort())).attempt(test);
      assertThat(outcome.passed()).isFalse();
      assertThat(outcome.state() + outcome.answer()).hasSizeLessThan(SHOWN);
    }
    assertThat(asked).as("connections").hasValueLessThan(2);
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith("rpi-deploy smoke test")) {
        thread.join(5000);
        assertThat(thread.isAlive()).as(thread.getName()).isFalse();
      }
    }
  }

  private static void serve(ServerSocket server, Talk talk, AtomicInteger asked) {
    while (true) {
      try (Socket socket = server.accept()) {
        asked.incrementAndGet();
        talk.to(socket.getOutputStream());
      } catch (IOException e) {
        if (server.isClosed()) {
          return;
        }
      }
    }
  }

  private static Talk text(String text) {
    return out -> out.write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static Talk endless(String first, String more) {
    byte[] much = more.repeat(50_000 / more.length()).getBytes(StandardCharsets.ISO_8859_1);
    return out -> {
      out.write(first.getBytes(StandardCharsets.ISO_8859_1));
      while (true) {
        out.write(much);
      }
    };
  }

  private static String redirect(String to) {
    return "HTTP/1.1 302 Found\r\nLocation: " + to + "\r\nContent-Length: 0\r\n\r\n";
  }

  /** All sockets lead to the service, and nothing else is asked of the Pi. */
  private record Through(int port) implements RemoteHost {

    @Override
    public String name() {
      return "pi@raspberrypi:22";
    }

    @Override
    public ExecResult exec(Command command, Stdin stdin, OutputStream stdout) {
      throw new UnsupportedOperationException();
    }

    @Override
    public ExecResult exec(Command command, Stdin stdin) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Socket socket() {
      return new Socket() {
        @Override
        public void connect(SocketAddress to, int timeout) throws IOException {
          super.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), timeout);
        }
      };
    }
  }
}
