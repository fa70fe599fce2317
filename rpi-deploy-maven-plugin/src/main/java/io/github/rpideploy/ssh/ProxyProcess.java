package io.github.rpideploy.ssh;

import io.github.rpideploy.PlainText;
import io.github.rpideploy.ssh.settings.SshRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The input and output of a ProxyCommand, which a shell runs as for OpenSSH. */
final class ProxyProcess implements ProxyStream {

  private static final int SECONDS_TO_SAY_WHY = 2;
  private static final int KEPT = 4096;

  private final Process process;
  private final Tail complaint = new Tail(KEPT);
  private final Thread listener;

  private ProxyProcess(Process process) {
    this.process = process;
    this.listener = new Thread(this::listen, "rpi-deploy stderr of ProxyCommand");
    listener.setDaemon(true);
    listener.start();
  }

  /**
   * @throws IOException when there is no shell to run it
   */
  static ProxyProcess start(String command) throws IOException {
    boolean windows = System.getProperty("os.name").startsWith("Windows");
    List<String> argv =
        windows ? List.of("cmd", "/c", command) : List.of("sh", "-c", "exec " + command);
    return new ProxyProcess(SshRequest.withoutSecrets(new ProcessBuilder(argv)).start());
  }

  @Override
  public InputStream in() {
    return process.getInputStream();
  }

  @Override
  public OutputStream out() {
    return process.getOutputStream();
  }

  @Override
  public Optional<String> complaint() {
    try {
      if (!process.waitFor(SECONDS_TO_SAY_WHY, TimeUnit.SECONDS)) {
        return Optional.empty();
      }
      listener.join(TimeUnit.SECONDS.toMillis(SECONDS_TO_SAY_WHY));
      String said = PlainText.line(complaint.text().strip());
      return Optional.of(
          "its ProxyCommand ended with exit status "
              + process.exitValue()
              + (said.isEmpty() ? "" : ": " + said));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
  }

  private void listen() {
    try (InputStream error = process.getErrorStream()) {
      error.transferTo(complaint);
    } catch (IOException ended) {
      // What it said so far is kept.
    }
  }
}
