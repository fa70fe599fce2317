package io.github.rpideploy.ssh;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.ssh.settings.Route;
import io.github.rpideploy.ssh.settings.SshSettings;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.config.hosts.HostConfigEntry;
import org.apache.sshd.client.future.ConnectFuture;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.core.CoreModuleProperties;
import org.jspecify.annotations.Nullable;

/** Connects to the SSH server, by the route that the settings name. */
final class Connector implements AutoCloseable {

  private final SshSettings settings;
  private final SshClient client;
  private final Function<SshSettings, AuthenticatedSession> jumps;
  private @Nullable AuthenticatedSession via;
  private @Nullable LoopbackProxy proxy;

  /**
   * @param jumps opens a session on a jump host
   */
  Connector(
      SshSettings settings, SshClient client, Function<SshSettings, AuthenticatedSession> jumps) {
    this.settings = settings;
    this.client = client;
    this.jumps = jumps;
  }

  /**
   * A session before the key exchange.
   *
   * @throws DeployException when nobody answers
   */
  ClientSession connect() throws IOException {
    if (settings.route() instanceof Route.Jump jump) {
      AuthenticatedSession before = jumps.apply(jump.via());
      via = before;
      return through(tunnel(jump.via(), before));
    }
    if (settings.route() instanceof Route.Proxy command) {
      return through(ProxyProcess.start(command.command()));
    }
    if (settings.route() instanceof Route.Through through) {
      return through(tunnel(through.host()));
    }
    return direct((Route.Direct) settings.route());
  }

  /** Why the proxy ended, if there is one and it said so. */
  Optional<String> complaint() {
    LoopbackProxy open = proxy;
    return open == null ? Optional.empty() : open.stream().complaint();
  }

  @Override
  public void close() {
    if (proxy != null) {
      proxy.close();
    }
    if (via != null) {
      via.end();
    }
  }

  private ProxyStream tunnel(RemoteHost by) {
    try {
      return ProxyTunnel.open(
          by.socket(), settings.host(), settings.port(), settings.connectTimeout());
    } catch (IOException e) {
      throw ConnectFailures.notThrough(settings, by.name(), "ssh " + by.name(), e);
    }
  }

  private ProxyStream tunnel(SshSettings jump, AuthenticatedSession before) {
    try {
      return ProxyTunnel.open(
          new TunnelSocket(new TunnelDial(before.session(), jump.name())),
          settings.host(),
          settings.port(),
          settings.connectTimeout());
    } catch (IOException e) {
      throw ConnectFailures.notThrough(settings, jump.name(), jump.sshCommand(""), e);
    }
  }

  private ClientSession through(ProxyStream stream) throws IOException {
    LoopbackProxy open = new LoopbackProxy(stream);
    proxy = open;
    ConnectFuture connecting = connect(open.address(), settings.connectTimeout());
    if (!connecting.isConnected()) {
      throw ConnectFailures.notConnected(settings, connecting.getException());
    }
    ClientSession session = connecting.getSession();
    open.serve(session.getIoSession().getLocalAddress());
    return session;
  }

  /**
   * Uses the first address that answers: a .local name may have several, and some lead nowhere.
   * Each gets its share of the remaining time.
   */
  private ClientSession direct(Route.Direct route) throws IOException {
    List<InetAddress> addresses =
        Stream.of(resolve())
            .filter(address -> address instanceof Inet4Address ? route.ip4() : route.ip6())
            .toList();
    if (addresses.isEmpty()) {
      throw ConnectFailures.noAddressOfFamily(settings, route);
    }
    long end = System.nanoTime() + settings.connectTimeout().toNanos();
    Throwable first = null;
    for (int i = 0; i < addresses.size(); i++) {
      long left = end - System.nanoTime();
      Duration share = Duration.ofNanos(Math.max(1, left / (addresses.size() - i)));
      ConnectFuture connecting =
          connect(new InetSocketAddress(addresses.get(i), settings.port()), share);
      if (connecting.isConnected()) {
        return connecting.getSession();
      }
      Throwable failure = connecting.getException();
      first = first == null ? failure : first;
      connecting.cancel();
    }
    throw ConnectFailures.notConnected(settings, first);
  }

  private ConnectFuture connect(InetSocketAddress address, Duration timeout) throws IOException {
    CoreModuleProperties.IO_CONNECT_TIMEOUT.set(client, timeout);
    // Given a name, MINA would look up its addresses again.
    HostConfigEntry entry =
        new HostConfigEntry(
            "", address.getAddress().getHostAddress(), address.getPort(), settings.user(), null);
    ConnectFuture connecting = client.connect(entry, null, null);
    // A second more, so that MINA ends it and says why.
    connecting.await(timeout.plusSeconds(1));
    return connecting;
  }

  private InetAddress[] resolve() {
    try {
      return InetAddress.getAllByName(settings.host());
    } catch (UnknownHostException first) {
      try {
        // The first question for a .local name often only wakes the responder.
        return InetAddress.getAllByName(settings.host());
      } catch (UnknownHostException second) {
        throw ConnectFailures.unknownHost(settings, second);
      }
    }
  }
}
