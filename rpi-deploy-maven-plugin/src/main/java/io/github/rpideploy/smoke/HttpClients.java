package io.github.rpideploy.smoke;

import io.github.rpideploy.remote.RemoteHost;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.BasicHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.DefaultHttpClientConnectionOperator;
import org.apache.hc.client5.http.io.DetachedSocketFactory;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.config.RegistryBuilder;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.util.Timeout;
import org.slf4j.LoggerFactory;

/** HTTP clients for one request each. */
final class HttpClients {

  private static final String LOG_LEVEL =
      // Maven 4 has its own logger, and warns about the old name each time one is created.
      (LoggerFactory.getILoggerFactory().getClass().getName().startsWith("org.apache.maven.")
              ? "maven.logger.log."
              : "org.slf4j.simpleLogger.log.")
          + "org.apache.hc";

  static {
    // With mvn -X every byte would appear on the user's console.
    if (System.getProperty(LOG_LEVEL) == null) {
      System.setProperty(LOG_LEVEL, "error");
    }
  }

  private HttpClients() {}

  static CloseableHttpClient once(SmokeTest.Http test, RemoteHost host) {
    Timeout timeout = Timeout.of(test.timeout());
    BasicHttpClientConnectionManager connections = connections(test.tunnelled(), host);
    connections.setConnectionConfig(
        ConnectionConfig.custom().setConnectTimeout(timeout).setSocketTimeout(timeout).build());
    connections.setSocketConfig(SocketConfig.custom().setSoTimeout(timeout).build());
    return HttpClientBuilder.create()
        .setConnectionManager(connections)
        .setDefaultRequestConfig(RequestConfig.custom().setResponseTimeout(timeout).build())
        .setConnectionReuseStrategy((request, response, context) -> false)
        .setUserAgent("rpi-deploy")
        .disableAutomaticRetries()
        .disableRedirectHandling()
        .disableCookieManagement()
        .disableAuthCaching()
        .disableContentCompression()
        .build();
  }

  private static BasicHttpClientConnectionManager connections(boolean tunnelled, RemoteHost host) {
    DetachedSocketFactory sockets = proxy -> tunnelled ? host.socket() : new Socket();
    DnsResolver names = tunnelled ? new ResolvedOnThePi() : SystemDefaultDnsResolver.INSTANCE;
    return new BasicHttpClientConnectionManager(
        new DefaultHttpClientConnectionOperator(
            sockets,
            null,
            names,
            RegistryBuilder.<TlsSocketStrategy>create()
                .register("https", DefaultClientTlsStrategy.createDefault())
                .build()),
        null);
  }

  /** Leaves host names unresolved, for the Pi to resolve. */
  private static final class ResolvedOnThePi implements DnsResolver {

    @Override
    public List<InetSocketAddress> resolve(String name, int port) {
      return List.of(InetSocketAddress.createUnresolved(name, port));
    }

    @Override
    public InetAddress[] resolve(String name) {
      throw new UnsupportedOperationException("names are resolved on the Pi");
    }

    @Override
    public String resolveCanonicalHostname(String name) {
      return name;
    }
  }
}
