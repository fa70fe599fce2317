package io.github.rpideploy.it.lab;

import io.github.rpideploy.ssh.settings.SshRequest;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/**
 * A Pi with as many OpenSSH servers as a test wants, each with its own configuration and log; and
 * keys, made by OpenSSH's ssh-keygen.
 */
public final class SshLab {

  /** On the Pi. */
  private static final String KEYS = "/srv/ssh";

  /** For addresses from which logins fail; otherwise off, as many cases fail on purpose. */
  public static final String PENALTIES = "PerSourcePenalties";

  private final Lab lab;
  private final Path directory;
  private final String address;
  private int lastPort = 2200;

  private SshLab(Lab lab, Path directory) throws Exception {
    this.lab = lab;
    this.directory = directory;
    this.address = lab.address();
  }

  /**
   * An OpenSSH server on the Pi.
   *
   * @param host its address as seen from this machine; one that listens on the Pi's loopback
   *     interface only has none
   */
  public record Server(SshLab lab, String host, int port) {

    /** What it has logged, at DEBUG1. */
    public String log() throws Exception {
      return lab.lab.asRoot("cat /srv/ssh/" + port + ".log");
    }

    /** Whether it speaks SSH to whoever connects; it may turn somebody away. */
    public boolean answers() throws IOException {
      try (Socket socket = new Socket(host, port)) {
        return new String(socket.getInputStream().readNBytes(4), StandardCharsets.US_ASCII)
            .equals("SSH-");
      }
    }

    /** Whether anybody has tried to authenticate. */
    public boolean sawAuthentication() throws Exception {
      return log().contains("userauth-request");
    }

    /** A line of known_hosts about it. */
    public String known(String hostKey) throws IOException {
      return "[" + host + "]:" + port + " " + lab.publicKey(hostKey) + "\n";
    }

    /** Where to connect as user pi, without any SSH configuration; nothing is known and no key. */
    public SshRequest request() {
      return SshRequest.to(host).withPort(port).withUser("pi").withConfig("none");
    }
  }

  public static SshLab up(String name, Path directory) throws Exception {
    return new SshLab(Lab.up(name), directory);
  }

  public Lab pi() {
    return lab;
  }

  public String address() {
    return address;
  }

  /** A key pair, as ssh-keygen makes it with these options: {@code -t ed25519}. */
  public Path key(String name, String passphrase, String... options) throws Exception {
    Path file = directory.resolve(name);
    List<String> line = new ArrayList<>(List.of("ssh-keygen", "-q", "-C", name, "-N", passphrase));
    line.addAll(List.of("-f", file.toString()));
    line.addAll(List.of(options));
    Lab.run(line);
    return file;
  }

  public Path file(String name) {
    return directory.resolve(name);
  }

  /** A file for its owner alone. */
  public Path write(String name, String text) throws IOException {
    Path file = Files.writeString(directory.resolve(name), text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  /** Type and key of a public key file, without the comment. */
  public String publicKey(String name) throws IOException {
    String[] words = Files.readString(directory.resolve(name + ".pub")).split(" ", -1);
    return words[0] + " " + words[1].strip();
  }

  /** As ssh-keygen -l shows it. */
  public String fingerprint(String name) throws Exception {
    return Lab.run(List.of("ssh-keygen", "-lf", file(name + ".pub").toString())).split(" ", -1)[1];
  }

  /** Certifies a public key: {@code -I id -n principal}, {@code -h} for a host. */
  public void certify(String authority, String name, String... options) throws Exception {
    List<String> line =
        new ArrayList<>(List.of("ssh-keygen", "-q", "-s", file(authority).toString()));
    line.addAll(List.of(options));
    line.add(file(name + ".pub").toString());
    Lab.run(line);
  }

  /** All keys made until now, for the servers' configurations: {@code %K/name}. */
  public void install() throws Exception {
    lab.asRoot("rm -rf " + KEYS + "; mkdir -p " + KEYS);
    lab.copy(directory.resolve("."), KEYS);
    lab.asRoot("chown -R root:root " + KEYS + "; chmod 755 " + KEYS + "; chmod 600 " + KEYS + "/*");
    lab.asRoot("chmod 644 " + KEYS + "/*.pub " + KEYS + "/authorized*");
  }

  /** A server that everybody can reach. */
  public Server server(String... configuration) throws Exception {
    int port = start("0.0.0.0", configuration);
    Lab.await("sshd on port " + port, () -> answers(port));
    return new Server(this, address, port);
  }

  /** A server that only the Pi itself can reach. */
  public Server hiddenServer(String... configuration) throws Exception {
    int port = start("127.0.0.1", configuration);
    Lab.await(
        "sshd on port " + port,
        () -> lab.asRoot("cat " + KEYS + "/" + port + ".log").contains("Server listening"));
    return new Server(this, "127.0.0.1", port);
  }

  private int start(String listen, String... configuration) throws Exception {
    int port = ++lastPort;
    List<String> lines = new ArrayList<>();
    // The first value counts.
    lines.addAll(List.of(configuration));
    lines.addAll(
        List.of(
            "Port " + port,
            "ListenAddress " + listen,
            "PidFile none",
            "LogLevel DEBUG1",
            "UsePAM no",
            "StrictModes no",
            PENALTIES + " no",
            "PasswordAuthentication no",
            "KbdInteractiveAuthentication no",
            "AuthorizedKeysFile %K/authorized"));
    String config = String.join("\n", lines).replace("%K", KEYS) + "\n";
    Path file = Files.writeString(Files.createTempFile("sshd", ""), config);
    String there = KEYS + "/" + port + ".conf";
    lab.copy(file, there);
    Files.delete(file);
    lab.asRoot(
        "/usr/sbin/sshd -t -f %s && : > %s/%d.log && /usr/sbin/sshd -f %s -E %s/%d.log"
            .formatted(there, KEYS, port, there, KEYS, port));
    return port;
  }

  private boolean answers(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, port), 1000);
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  public void down() throws Exception {
    lab.down();
  }
}
