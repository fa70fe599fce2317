package io.github.rpideploy.smoke;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.github.rpideploy.ssh.Pi;
import io.github.rpideploy.ssh.SshConnection;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class TlsSmokeTest {

  private static final String TRUST_STORE = "javax.net.ssl.trustStore";

  private static Pi pi;
  private static SshConnection connection;
  private static HttpsServer service;
  private static Path trusted;

  /** The certificate is for localhost, and for nothing else. */
  @BeforeAll
  static void serve(@TempDir Path home) throws Exception {
    Path store = home.resolve("store.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost",
                "-keystore",
                store.toString(),
                "-storepass",
                "changeit")
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("keytool.log").toFile())
            .start();
    assertThat(keytool.waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance(store.toFile(), "changeit".toCharArray());
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, "changeit".toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    trusted = home.resolve("trusted.jks");
    writeTrusted(keys.getCertificate("mykey"));
    service = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    service.setHttpsConfigurator(new HttpsConfigurator(context));
    service.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    service.start();
    pi = Pi.running();
    connection = pi.connect(home);
  }

  @AfterAll
  static void stop() {
    service.stop(0);
    connection.close();
    pi.close();
  }

  @AfterEach
  void trustNobody() {
    System.clearProperty(TRUST_STORE);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_trusted_certificate_passes(boolean tunnelled) {
    System.setProperty(TRUST_STORE, trusted.toString());
    assertThat(attempt("localhost", tunnelled))
        .isEqualTo(SmokeOutcome.passed("GET " + url("localhost") + " answered 200"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void an_untrusted_certificate_is_a_tls_problem(boolean tunnelled) {
    assertThat(reason("localhost", tunnelled))
        .startsWith("TLS problem: ")
        .contains("unable to find valid certification path");
  }

  @Test
  void a_certificate_of_another_host_is_a_tls_problem() {
    System.setProperty(TRUST_STORE, trusted.toString());
    assertThat(reason("127.0.0.1", true)).startsWith("TLS problem: ").contains("127.0.0.1");
  }

  private static void writeTrusted(Certificate certificate) throws Exception {
    KeyStore keys = KeyStore.getInstance("JKS");
    keys.load(null, null);
    keys.setCertificateEntry("service", certificate);
    try (OutputStream out = Files.newOutputStream(trusted)) {
      keys.store(out, "changeit".toCharArray());
    }
  }

  private static SmokeOutcome attempt(String host, boolean tunnelled) {
    return new HttpTester(connection)
        .attempt(SmokeTest.http(url(host), 200, tunnelled, Duration.ofSeconds(10)));
  }

  private static String reason(String host, boolean tunnelled) {
    SmokeOutcome outcome = attempt(host, tunnelled);
    assertThat(outcome.passed()).isFalse();
    assertThat(outcome.answer()).isEmpty();
    assertThat(outcome.state()).startsWith("GET " + url(host) + ": ");
    return outcome.state().substring(("GET " + url(host) + ": ").length());
  }

  private static String url(String host) {
    return "https://" + host + ":" + service.getAddress().getPort() + "/";
  }
}
