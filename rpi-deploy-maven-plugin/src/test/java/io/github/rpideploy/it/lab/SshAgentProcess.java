package io.github.rpideploy.it.lab;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** OpenSSH's own ssh-agent, at a socket of its own. */
public final class SshAgentProcess implements AutoCloseable {

  private final Path socket;
  private final Process process;

  public SshAgentProcess(Path socket) throws Exception {
    this.socket = socket;
    this.process =
        new ProcessBuilder("ssh-agent", "-D", "-a", socket.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    Lab.await("ssh-agent", () -> Files.exists(socket));
  }

  public Path socket() {
    return socket;
  }

  /** Adds keys that have no passphrase, in this order. */
  public SshAgentProcess with(Path... keys) throws Exception {
    List<String> line = new ArrayList<>(List.of("ssh-add", "-q"));
    List.of(keys).forEach(key -> line.add(key.toString()));
    ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
    builder.environment().putAll(Map.of("SSH_AUTH_SOCK", socket.toString()));
    Process adding = builder.start();
    adding.getOutputStream().close();
    String said = new String(adding.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (adding.waitFor() != 0) {
      throw new IllegalStateException("ssh-add: " + said);
    }
    return this;
  }

  @Override
  public void close() {
    process.destroy();
  }
}
