package io.github.rpideploy.smoke;

import io.github.rpideploy.remote.RemoteHost;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;

/** Makes TCP connections and closes them. */
public final class TcpTester {

  /** How long the connection must stay open. */
  private static final Duration KEPT = Duration.ofSeconds(1);

  private final RemoteHost host;
  private final Duration kept;

  /**
   * @param host through which tunnelled tests go
   */
  public TcpTester(RemoteHost host) {
    this(host, KEPT);
  }

  TcpTester(RemoteHost host, Duration kept) {
    this.host = host;
    this.kept = kept;
  }

  /** Connects, and watches for a moment whether the connection stays open. */
  public SmokeOutcome attempt(SmokeTest.Tcp test) {
    try (Socket socket = test.tunnelled() ? host.socket() : new Socket()) {
      socket.connect(
          test.tunnelled()
              ? InetSocketAddress.createUnresolved(test.host(), test.port())
              : new InetSocketAddress(test.host(), test.port()),
          Math.toIntExact(test.timeout().toMillis()));
      return isKept(socket)
          ? SmokeOutcome.passed(test.shown() + " accepts connections")
          : failed(test, "the connection was closed at once");
    } catch (UnknownHostException e) {
      return failed(test, "cannot resolve the host " + test.host());
    } catch (SocketTimeoutException e) {
      return failed(test, "no connection within " + test.timeout().toSeconds() + " s");
    } catch (ConnectException e) {
      return failed(test, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return failed(test, "the connection was lost: " + e.getMessage());
    }
  }

  private static SmokeOutcome failed(SmokeTest.Tcp test, String reason) {
    return SmokeOutcome.failed(test.shown() + ": " + reason, "");
  }

  private boolean isKept(Socket socket) throws IOException {
    socket.setSoTimeout(Math.toIntExact(kept.toMillis()));
    try {
      return socket.getInputStream().read() >= 0;
    } catch (SocketTimeoutException e) {
      return true;
    }
  }
}
