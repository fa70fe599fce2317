package io.github.rpideploy.deploy.doctor;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.spec.Dial;
import io.github.rpideploy.deploy.spec.Others;
import io.github.rpideploy.deploy.spec.ServiceSpec;
import io.github.rpideploy.deploy.spec.SmokeSpec;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.deploy.spec.TestSpec;
import io.github.rpideploy.remote.Command;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.remote.Stdin;
import io.github.rpideploy.report.Check;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.Reporter;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A Pi that is fit, and prints what a real one did; it can be given flaws. */
final class ExaminedPi implements RemoteHost {

  static final ServiceSpec AUTH = service("auth-server", "/health");
  static final ServiceSpec EXTENSION = service("extension-server", null);

  /** How long the question took to get there, and the answer to come back. */
  private static final Instant ASKED = Instant.parse("2026-11-25T13:20:00Z");

  private static final Duration TOOK = Duration.ofSeconds(1);

  /** What the Pi's examination prints; its clock is 0.2 s ahead. */
  String prints =
      """
      begin 1795612800.300000000
      kernel aarch64
      page 4096
      throttled throttled=0x0
      interpreter perl
      disk tmp 1982420 503215 503224 /tmp
      directory /home/pi/rpi/x
      listener tcp 00000000:0016
      listener tcp 00000000000000000000000000000000:0016
      listener tcp 0100007F:1F91
      listener udp 00000000:14E9
      process tcp 9000 java (process 812)
      daemon-json yes
      rotates yes
      docker /usr/bin/docker
      server 26.1.5+dfsg1 linux arm64
      driver overlay2
      status [["Backing Filesystem","extfs"],["Supports d_type","true"]]
      root /var/lib/docker
      memory 4096000000
      limits-memory true
      log-driver json-file
      security ["name=seccomp,profile=builtin","name=cgroupns"]
      disk docker 76654380 16291800 16777216 /var/lib/docker
      disk containerd 76654380 16291800 16777216 /var/lib/containerd
      published x-auth-server-1\t/home/pi/rpi/x\tauth-server\t127.0.0.1:8081->8080/tcp
      compose 2.26.1-4
      =yaml
      name: x
      services:
        auth-server:
          environment:
            PASSWORD: a-secret
          image: auth-server
          mem_limit: "536870912"
          ports:
            - mode: ingress
              host_ip: 127.0.0.1
              target: 8080
              published: "8081"
              protocol: tcp
        extension-server:
          deploy:
            resources:
              limits:
                memory: "268435456"
          image: extension-server
          ports:
            - mode: ingress
              target: 8080
              published: "8082"
              protocol: tcp
      networks:
        default:
          name: x_default
      =config 0

      =end 1795612801.100000000
      """;

  int status;

  /** What dialling through the connection ends with; null when somebody answers. */
  @Nullable IOException dialled = new ConnectException("connection refused at localhost:8081");

  @Nullable SocketAddress dialledTo;

  /** What connecting fails with, if it does. */
  @Nullable DeployException unreachable;

  Optional<Stack> stack = Optional.of(new Stack("rpi/x", null));
  final List<Event> events = new ArrayList<>();
  Others.Mode mode = Others.Mode.START;
  List<ServiceSpec> services = List.of(AUTH, EXTENSION);

  /** Has a doctor examine it. */
  void examine() {
    Deque<Instant> clock = new ArrayDeque<>(List.of(ASKED, ASKED.plus(TOOK)));
    new Doctor(events::add, clock::remove, Dial.NOWHERE)
        .examine(
            "raspberrypi",
            this::open,
            stack,
            false,
            services,
            Set.of("linux/arm64"),
            new Others(mode, Duration.ofMinutes(1), Set.of()));
  }

  private RemoteHost open(Reporter reporter) {
    if (unreachable != null) {
      throw unreachable;
    }
    reporter.report(
        new Event.Connected(name(), "ssh-ed25519 SHA256:x", Duration.ofMillis(400), false));
    return this;
  }

  /** What the doctor said. */
  List<Check> checks() {
    return ((Event.Examined) events.get(events.size() - 1)).checks();
  }

  static ServiceSpec service(String name, @Nullable String smokePath) {
    return new ServiceSpec(
        name,
        Path.of("no-such.tar"),
        "linux/arm64",
        smokePath == null
            ? SmokeSpec.NONE
            : new SmokeSpec(
                List.of(new TestSpec.Http(null, smokePath, null, 200, false, Map.of(), List.of())),
                Duration.ZERO),
        Duration.ofMinutes(2),
        Path.of("no-such.log"));
  }

  @Override
  public String name() {
    return "pi@raspberrypi:22";
  }

  @Override
  public ExecResult exec(Command command, Stdin stdin) {
    return new ExecResult(status, null, prints, status == 0 ? "" : "This account is not available");
  }

  @Override
  public ExecResult exec(Command command, Stdin stdin, OutputStream stdout) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Socket socket() {
    return new Socket() {
      @Override
      public void connect(SocketAddress to, int timeout) throws IOException {
        dialledTo = to;
        if (dialled != null) {
          throw dialled;
        }
      }
    };
  }
}
