package io.github.rpideploy.it.lab;

import io.github.rpideploy.ssh.SshConnection;
import io.github.rpideploy.ssh.settings.SshRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** One more OpenSSH server of a Pi in a box, with a configuration of its own. */
public final class Sshd {

  private static final int FIRST_PORT = 2200;

  private static int started;

  private final Lab pi;
  private final SshRequest request;
  private final String log;

  private Sshd(Lab pi, SshRequest request, String log) {
    this.pi = pi;
    this.request = request;
    this.log = log;
  }

  /**
   * Starts it; it listens when this returns.
   *
   * @param directory where a file of known host keys may be written
   * @param lines of sshd_config
   */
  public static synchronized Sshd with(Lab pi, Path directory, String... lines) throws Exception {
    int port = FIRST_PORT + started++;
    String name = "sshd-" + port;
    String log = "/var/log/" + name + ".log";
    List<String> settings =
        List.of(
            "Port " + port,
            "HostKey /etc/ssh/ssh_host_ed25519_key",
            "PidFile /run/" + name + ".pid",
            "UsePAM yes",
            String.join("\n", lines));
    pi.asRoot(
        "cat > /etc/ssh/%s.conf <<'END'\n%s\nEND\nexec /usr/sbin/sshd -f /etc/ssh/%s.conf -E %s"
            .formatted(name, String.join("\n", settings), name, log));
    String address = pi.address();
    String key = pi.asRoot("cut -d' ' -f1,2 /etc/ssh/ssh_host_ed25519_key.pub");
    Path known =
        Files.writeString(
            directory.resolve(name + ".known_hosts"), "[%s]:%d %s\n".formatted(address, port, key));
    SshRequest request =
        SshRequest.to(address)
            .withPort(port)
            .withIdentityFile(pi.settings().identityFile())
            .withKnownHosts(known)
            .withConfig("none");
    return new Sshd(pi, request, log);
  }

  public SshConnection connect(String user) {
    return SshConnection.open(request.withUser(user), event -> {});
  }

  /** What it has written to its log. */
  public String log() throws Exception {
    return pi.asRoot("cat " + log);
  }

  /** How many connections have logged in. */
  public long logins() throws Exception {
    return log().lines().filter(line -> line.contains("Accepted publickey")).count();
  }
}
