package io.github.rpideploy.deploy.doctor;

import io.github.rpideploy.deploy.spec.ServiceSpec;
import io.github.rpideploy.docker.ExaminationResult;
import io.github.rpideploy.docker.file.ComposeFile;
import io.github.rpideploy.docker.file.Endpoint;
import io.github.rpideploy.remote.ForwardingProhibitedException;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.report.Check;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Optional;

/** Checks whether smoke tests can go through the SSH connection. */
final class TunnelCheck {

  static final String NAME = "tunnel";

  private static final int TIMEOUT = 10_000;

  /** A port where nobody listens. When the Pi says so, it tried, and forwarding is allowed. */
  private static final int NOBODY = 1;

  private TunnelCheck() {}

  /** Dials from the Pi to the port of the first smoke test, and hangs up. */
  static Check of(RemoteHost host, List<ServiceSpec> services, ExaminationResult result) {
    List<ServiceSpec> tunnelled =
        services.stream().filter(service -> service.smoke().isTunnelled()).toList();
    int port =
        tunnelled.stream()
            .flatMap(service -> port(service, result).stream())
            .findFirst()
            .orElse(NOBODY);
    String forwards = "the SSH server forwards TCP, which smoke tests need";
    try (Socket socket = host.socket()) {
      socket.connect(InetSocketAddress.createUnresolved("localhost", port), TIMEOUT);
      return Check.pass(NAME, forwards);
    } catch (ForwardingProhibitedException e) {
      String finding = "the SSH server forbids TCP forwarding";
      String fix =
          "On the Pi: echo 'AllowTcpForwarding local' | sudo tee"
              + " /etc/ssh/sshd_config.d/00-rpi-deploy.conf && sudo systemctl reload ssh"
              + "\nor send smoke tests from this machine: -Drpi.smokeVia=direct";
      return tunnelled.isEmpty()
          ? Check.warn(NAME, finding + "; no service has a smoke test that needs it", fix)
          : Check.fail(
              NAME, finding + ", which the smoke test of " + names(tunnelled) + " needs", fix);
    } catch (SocketTimeoutException e) {
      return Check.warn(
          NAME,
          "no answer within " + TIMEOUT / 1000 + " s: the SSH server may not forward TCP",
          "Check on the Pi: sudo sshd -T | grep -i -e allowtcpforwarding -e permitopen");
    } catch (IOException e) {
      return Check.pass(NAME, forwards);
    }
  }

  private static Optional<Integer> port(ServiceSpec service, ExaminationResult result) {
    if (service.smoke().port() != null
        || !(result.docker() instanceof ExaminationResult.Answer docker)) {
      return Optional.ofNullable(service.smoke().port());
    }
    Optional<ComposeFile.Service> inFile =
        docker.compose().map(compose -> compose.services().get(service.service()));
    return inFile.stream()
        .flatMap(asked -> asked.ports().stream())
        .filter(endpoint -> endpoint.protocol().equals("tcp"))
        .map(Endpoint::port)
        .findFirst();
  }

  private static String names(List<ServiceSpec> services) {
    return String.join(", ", services.stream().map(ServiceSpec::service).toList());
  }
}
