package io.github.rpideploy.it;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.rpideploy.it.lab.Lab;
import io.github.rpideploy.it.lab.SshLab;
import io.github.rpideploy.it.lab.TcpForward;
import io.github.rpideploy.ssh.SshConnection;
import io.github.rpideploy.ssh.settings.SshRequest;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** By which way one may come in. */
final class SshWayCases {

  private static final String GROUP = "way in";
  private static final byte[] IP6_LOOPBACK = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

  private final SshLab lab;
  private final List<AutoCloseable> opened;
  private final List<SshCase> cases = new ArrayList<>();
  private final SshLab.Server server;
  private final SshLab.Server gate;
  private final SshLab.Server secondGate;
  private final SshLab.Server hidden;
  private final Path known;
  private int configurations;

  private SshWayCases(SshLab lab, List<AutoCloseable> opened) throws Exception {
    this.lab = lab;
    this.opened = opened;
    this.server = lab.server("HostKey %K/host");
    this.gate = lab.server("HostKey %K/host.ecdsa");
    this.secondGate = lab.hiddenServer("HostKey %K/host.rsa");
    this.hidden = lab.hiddenServer("HostKey %K/host");
    this.known =
        lab.write(
            "known.ways",
            server.known("host")
                + gate.known("host.ecdsa")
                + secondGate.known("host.rsa")
                + hidden.known("host"));
  }

  /**
   * The cases, and what they need while they run.
   *
   * @param opened takes what has to be closed in the end
   */
  static List<SshCase> of(SshLab lab, List<AutoCloseable> opened) throws Exception {
    SshWayCases it = new SshWayCases(lab, opened);
    it.configuration();
    it.jumps();
    it.commands();
    it.addresses();
    it.algorithms();
    it.failures();
    return it.cases;
  }

  private void configuration() throws Exception {
    like(
        "Host, HostName, Port, User, IdentityFile",
        pi("HostName " + server.host(), "Port " + server.port()));
    Path part =
        lab.write(
            "part", "Host pi\n  HostName " + server.host() + "\n  Port " + server.port() + "\n");
    like("Include", config("Include " + part, "Host pi", common()));
    like(
        "Match host",
        config("Match host pi", "HostName " + server.host(), "Port " + server.port(), common()));
    like(
        "Match exec",
        config(
            "Match originalhost pi exec \"test 1 = 1\"",
            "HostName " + server.host(),
            "Port " + server.port(),
            common()));
    like(
        "the first value counts",
        config(
            "Host pi",
            "HostName " + server.host(),
            "Port " + server.port(),
            common(),
            "Host *",
            "Port 1",
            "User nobody"));
    like(
        "HostName with %h",
        config("Host " + server.host(), "HostName %h", "Port " + server.port(), common()),
        server.host());
    like(
        "IdentityFile with %d, ~ and ${VARIABLE}",
        config(
            "Host pi",
            "HostName " + server.host(),
            "Port " + server.port(),
            "IdentityFile ~/none",
            "IdentityFile %d/none",
            common()));
    Path wrongPort =
        config(
            "Host pi",
            "HostName " + server.host(),
            "Port 1",
            "User nobody",
            common().replace("User pi", ""));
    accept(
        "what is said wins over the configuration",
        SshRequest.to("pi")
            .withConfig(wrongPort.toString())
            .withPort(server.port())
            .withUser("pi"));
    accept(
        "the settings.xml server wins over the configuration",
        SshRequest.to("pi")
            .withConfig(wrongPort.toString())
            .withPort(server.port())
            .withServer(new SshRequest.Server("pi", "pi", null, null, null)));
    accept("pi@host", plain("pi@" + server.host()).withUser(null).withPort(server.port()));
    accept(
        "ssh://pi@host:port",
        plain("ssh://pi@" + server.host() + ":" + server.port()).withUser(null));
  }

  private void jumps() throws Exception {
    String to = "Host pi\n  HostName 127.0.0.1\n  Port " + hidden.port() + "\n";
    String through = "Host gate\n  HostName " + gate.host() + "\n  Port " + gate.port() + "\n";
    String second = "Host second\n  HostName 127.0.0.1\n  Port " + secondGate.port() + "\n";
    like("ProxyJump", config(to + "  ProxyJump gate", through + "Host *", common()));
    like(
        "ProxyJump user@host:port",
        config(to + "  ProxyJump pi@" + gate.host() + ":" + gate.port() + "\nHost *", common()));
    like(
        "ProxyJump, a chain in one line",
        config(to + "  ProxyJump gate,second", through + second + "Host *", common()));
    like(
        "ProxyJump, a chain of hosts",
        config(
            to + "  ProxyJump second", second + "  ProxyJump gate", through + "Host *", common()));
    accept(
        "rpi.proxyJump",
        plain("127.0.0.1")
            .withPort(hidden.port())
            .withJump("pi@" + gate.host() + ":" + gate.port()),
        "through pi@" + gate.host());
    Path noWay = config("Host " + server.host(), "ProxyJump nowhere.invalid");
    accept(
        "rpi.proxyJump none",
        plain(server.host()).withPort(server.port()).withConfig(noWay.toString()).withJump("none"));
    SshLab.Server certified =
        lab.hiddenServer("HostKey %K/named", "HostCertificate %K/named-cert.pub");
    Path authority =
        lab.write(
            "known.jump",
            gate.known("host.ecdsa")
                + "@cert-authority pi.example "
                + lab.publicKey("host.ca")
                + "\n");
    accept(
        "a host certificate behind a jump",
        plain("127.0.0.1")
            .withPort(certified.port())
            .withKnownHosts(authority)
            .withConfig(config("Host 127.0.0.1", "HostKeyAlias pi.example").toString())
            .withJump("pi@" + gate.host() + ":" + gate.port()));

    SshLab.Server strange = lab.server("HostKey %K/impostor");
    String path = "pi@" + strange.host() + ":" + strange.port();
    cases.add(
        SshCase.refuses(
                GROUP,
                "a jump host that is not known",
                () -> plain("127.0.0.1").withPort(hidden.port()).withJump(path),
                "The host key of " + strange.host(),
                "is not known")
            .without(strange));
    SshLab.Server closed = lab.server("HostKey %K/host", "AllowTcpForwarding no");
    Path both = lab.write("known.closed", closed.known("host") + hidden.known("host"));
    refuse(
        "a jump host that forbids forwarding",
        plain("127.0.0.1")
            .withPort(hidden.port())
            .withKnownHosts(both)
            .withJump("pi@" + closed.host() + ":" + closed.port()),
        "administratively prohibited");
    refuse(
        "nobody listens behind the jump host",
        plain("127.0.0.1").withPort(1).withJump("pi@" + gate.host() + ":" + gate.port()),
        "Cannot reach 127.0.0.1:1 through pi@" + gate.host());
    refuse(
        "jumps in a circle",
        SshRequest.to("a")
            .withConfig(config("Host a", "ProxyJump b", "Host b", "ProxyJump a").toString()),
        "leads through more than 8 servers",
        "ProxyJump none");
    SshLab.Server impostor = lab.hiddenServer("HostKey %K/impostor");
    Path mixed = lab.write("known.mixed", gate.known("host.ecdsa") + impostor.known("host"));
    cases.add(
        SshCase.refuses(
                GROUP,
                "man in the middle behind the jump host",
                () ->
                    plain("127.0.0.1")
                        .withPort(impostor.port())
                        .withKnownHosts(mixed)
                        .withJump("pi@" + gate.host() + ":" + gate.port()),
                "has changed")
            .without(impostor));
  }

  private void commands() throws Exception {
    // What nc would do, and is everywhere where this test is.
    String tcp = "bash -c 'exec 3<>/dev/tcp/%s/%s; cat <&3 & exec cat >&3'";
    like(
        "ProxyCommand",
        pi(
            "HostName pi.invalid",
            "HostKeyAlias [" + server.host() + "]:" + server.port(),
            "ProxyCommand " + tcp.formatted(server.host(), server.port())));
    like(
        "ProxyCommand with %h and %p",
        pi(
            "HostName " + server.host(),
            "Port " + server.port(),
            "ProxyCommand " + tcp.formatted("%h", "%p")));
    like(
        "ProxyCommand that is another ssh",
        config(
            "Host pi",
            "HostName 127.0.0.1",
            "Port " + hidden.port(),
            "ProxyCommand ssh -F %s -p %d -W %%h:%%p pi@%s"
                .formatted(config("Host *", common()), gate.port(), gate.host()),
            common()));
    likeNot(
        "ProxyCommand that fails",
        pi("ProxyCommand sh -c 'echo no tunnel today >&2; exit 3'"),
        "its ProxyCommand ended with exit status 3: no tunnel today");
    likeNot(
        "ProxyCommand that does not exist",
        pi("ProxyCommand no-such-command %h"),
        "its ProxyCommand ended with exit status 127");
    refuse(
        "a host that would be a command in ProxyCommand",
        SshRequest.to("$(touch /tmp/rpi-pwned)").withConfig(pi("ProxyCommand echo %h").toString()),
        "missing or not a name");
    refuse(
        "a user that would be a command in ProxyCommand",
        SshRequest.to("pi").withUser("a`id`").withConfig(pi("ProxyCommand echo %r").toString()),
        "Not the name of a user");
  }

  private void addresses() throws Exception {
    TcpForward four =
        opened(
            new TcpForward(
                InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), server.host(), server.port()));
    Path local =
        lab.write(
            "known.local",
            "[localhost]:*,[127.0.0.1]:" + four.port() + " " + lab.publicKey("host") + "\n");
    addressesOfVersion6();
    accept(
        "a name of which one address does not answer",
        plain("localhost").withPort(four.port()).withKnownHosts(local));
    accept(
        "AddressFamily inet",
        plain("localhost")
            .withPort(four.port())
            .withKnownHosts(local)
            .withConfig(config("Host *", "AddressFamily inet").toString()));
    refuse(
        "AddressFamily inet6, and only version 4 is served",
        plain("127.0.0.1")
            .withPort(four.port())
            .withKnownHosts(local)
            .withConfig(config("Host *", "AddressFamily inet6").toString()),
        "has no address of IP version 6");
    String answering = "ssh://" + server.host() + ":" + server.port();
    accept("two routes, the first is refused", plain("ssh://127.0.0.1:1," + answering));
    accept("two routes, the first has no address", plain("no-such-host.invalid," + answering));
    ServerSocket silent = opened(new ServerSocket(0));
    accept(
        "two routes, the first says nothing",
        plain("ssh://127.0.0.1:" + silent.getLocalPort() + "," + answering)
            .withConnectTimeout(Duration.ofSeconds(10)));
    accept(
        "two routes, the key is known for the other name",
        plain("ssh://127.0.0.1:" + four.port() + "," + answering));
    SshLab.Server strange = lab.server("HostKey %K/impostor");
    Path changed = lab.write("known.routes", server.known("host") + strange.known("host"));
    cases.add(
        SshCase.refuses(
                GROUP,
                "two routes, the first is an impostor: the second is not tried",
                () ->
                    plain("ssh://" + strange.host() + ":" + strange.port() + "," + answering)
                        .withKnownHosts(changed),
                "has changed")
            .without(strange));
    refuse(
        "two routes, neither answers",
        plain("ssh://127.0.0.1:1,no-such-host.invalid"),
        "Cannot connect to 127.0.0.1:1: connection refused",
        "No address is known for the host no-such-host.invalid");
  }

  private void addressesOfVersion6() throws Exception {
    TcpForward six;
    try {
      six =
          opened(
              new TcpForward(InetAddress.getByAddress(IP6_LOOPBACK), server.host(), server.port()));
    } catch (BindException e) {
      System.out.println("No case with IP version 6: this machine has no ::1");
      return;
    }
    Path local = lab.write("known.six", "[::1]:" + six.port() + " " + lab.publicKey("host") + "\n");
    accept("an address of IP version 6", plain("::1").withPort(six.port()).withKnownHosts(local));
    accept("the same in brackets", plain("[::1]").withPort(six.port()).withKnownHosts(local));
  }

  private void algorithms() throws Exception {
    for (String line :
        List.of(
            "Ciphers aes256-gcm@openssh.com",
            "Ciphers chacha20-poly1305@openssh.com",
            "MACs hmac-sha2-512-etm@openssh.com",
            "KexAlgorithms ecdh-sha2-nistp384",
            "HostKeyAlgorithms ssh-ed25519")) {
      like(line, pi("HostName " + server.host(), "Port " + server.port(), line));
    }
    SshLab.Server choosy =
        lab.server(
            "HostKey %K/host",
            "Ciphers aes256-ctr", "MACs hmac-sha2-256", "KexAlgorithms curve25519-sha256");
    accept(
        "a server that takes one cipher, MAC and key exchange only",
        choosy
            .request()
            .withIdentityFile(lab.file("ed25519"))
            .withKnownHosts(lab.write("known.choosy", choosy.known("host"))));
    SshLab.Server modern =
        lab.server(
            "HostKey %K/host",
            "KexAlgorithms sntrup761x25519-sha512@openssh.com,mlkem768x25519-sha256");
    refuse(
        "a server that takes post-quantum key exchange only: MINA has none",
        modern
            .request()
            .withIdentityFile(lab.file("ed25519"))
            .withKnownHosts(lab.write("known.modern", modern.known("host"))),
        "No secure connection to " + modern.host());
    likeNot(
        "a cipher that the server does not take",
        like(choosy, "Ciphers aes128-gcm@openssh.com"),
        "No secure connection to " + choosy.host());
  }

  private void failures() throws Exception {
    refuse(
        "a port on which nobody listens",
        plain(server.host()).withPort(1),
        "connection refused",
        "ssh -p 1 pi@" + server.host());
    refuse(
        "a name without an address",
        plain("no-such-host.invalid"),
        "No address is known for the host no-such-host.invalid");
    ServerSocket silent = opened(new ServerSocket(0));
    refuse(
        "a server that says nothing",
        plain("127.0.0.1")
            .withPort(silent.getLocalPort())
            .withConnectTimeout(Duration.ofSeconds(2)),
        "is not an SSH server",
        "no answer within 2 s");
    SshLab.Server strict =
        lab.server("HostKey %K/host", SshLab.PENALTIES + " authfail:100s min:1s");
    SshRequest stranger =
        strict
            .request()
            .withIdentityFile(lab.file("stranger"))
            .withKnownHosts(lab.write("known.strict", strict.known("host")));
    cases.add(
        SshCase.refuses(
            GROUP,
            "a server at which a login has failed before: it has penalties",
            () -> {
              assertThatThrownBy(() -> SshConnection.open(stranger, event -> {}))
                  .hasMessageContaining("Cannot log in");
              // sshd hears of the failure from the process that served it, a moment later.
              Lab.await("the penalty", () -> !strict.answers());
              return stranger;
            },
            "turns this machine away",
            "for up to ten minutes after several failed logins"));
    refuse(
        "a configuration that OpenSSH cannot read",
        SshRequest.to("pi").withConfig(config("NoSuchKeyword yes").toString()),
        "OpenSSH cannot say what its configuration means",
        "Bad configuration option");
    refuse(
        "a token that means nothing",
        SshRequest.to("pi").withConfig(pi("ProxyCommand echo %Z").toString()),
        "%Z");
  }

  private void accept(String name, SshRequest request, String... evidence) {
    cases.add(SshCase.accepts(GROUP, name, () -> request, evidence));
  }

  private void refuse(String name, SshRequest request, String... evidence) {
    cases.add(SshCase.refuses(GROUP, name, () -> request, evidence));
  }

  /** OpenSSH's client comes in with the same configuration, too. */
  private void like(String name, Path config) {
    like(name, config, "pi");
  }

  private void like(String name, Path config, String host) {
    cases.add(
        SshCase.accepts(GROUP, name, () -> SshRequest.to(host).withConfig(config.toString()))
            .like("-F", config.toString(), host));
  }

  private void likeNot(String name, Path config, String... evidence) {
    cases.add(
        SshCase.refuses(
                GROUP, name, () -> SshRequest.to("pi").withConfig(config.toString()), evidence)
            .like("-F", config.toString(), "pi"));
  }

  /** A request without any configuration but the files of the lab. */
  private SshRequest plain(String host) {
    return SshRequest.to(host)
        .withUser("pi")
        .withConfig("none")
        .withKnownHosts(known)
        .withIdentityFile(lab.file("ed25519"));
  }

  private Path pi(String... lines) throws Exception {
    return config("Host pi\n  " + String.join("\n  ", lines), common());
  }

  private Path like(SshLab.Server other, String line) throws Exception {
    return config(
        "Host pi",
        "HostName " + other.host(),
        "Port " + other.port(),
        line,
        common()
            .replace(known.toString(), lab.write("known.other", other.known("host")).toString()));
  }

  private String common() {
    return "  User pi\n  IdentityFile " + lab.file("ed25519") + "\n  UserKnownHostsFile " + known;
  }

  private Path config(String... lines) throws Exception {
    return lab.write("config.w" + configurations++, String.join("\n", lines) + "\n");
  }

  private <T extends AutoCloseable> T opened(T closeable) {
    opened.add(closeable);
    return closeable;
  }
}
