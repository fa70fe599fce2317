package io.github.rpideploy.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.Signal;
import org.apache.sshd.server.channel.ChannelSession;
import org.jspecify.annotations.Nullable;

/** Runs a command line by a login shell as sshd does: a local process and three streams. */
final class ShellCommand extends StreamCommand {

  private final ProcessBuilder builder;
  private @Nullable Process started;

  ShellCommand(List<String> loginShell, String line) {
    List<String> argv = new ArrayList<>(loginShell);
    argv.add("-c");
    argv.add(line);
    this.builder = new ProcessBuilder(argv);
  }

  @Override
  public void start(ChannelSession channel, Environment environment) throws IOException {
    Process process = builder.start();
    started = process;
    environment.addSignalListener((session, signal) -> end(), Signal.TERM);
    Thread stdin = copy(in, process.getOutputStream(), true);
    Thread stdout = copy(process.getInputStream(), out, false);
    Thread stderr = copy(process.getErrorStream(), err, false);
    daemon(
        () -> {
          int code = process.waitFor();
          stdout.join();
          stderr.join();
          stdin.interrupt();
          exit.onExit(code);
        });
  }

  /** Ends the process and what it started. */
  void end() {
    if (started != null) {
      started.descendants().forEach(ProcessHandle::destroy);
      started.destroy();
    }
  }

  @Override
  public void destroy(ChannelSession channel) {
    // sshd leaves the process alone, too: it learns of the end by its streams.
  }

  private interface Step {
    void run() throws IOException, InterruptedException;
  }

  private static Thread copy(InputStream from, OutputStream to, boolean close) {
    return daemon(
        () -> {
          byte[] buffer = new byte[64 * 1024];
          try {
            for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
              to.write(buffer, 0, n);
              to.flush();
            }
          } finally {
            if (close) {
              to.close();
            }
          }
        });
  }

  private static Thread daemon(Step step) {
    Thread thread =
        new Thread(
            () -> {
              try {
                step.run();
              } catch (IOException | InterruptedException e) {
                // The process or the channel has ended.
              }
            });
    thread.setDaemon(true);
    thread.start();
    return thread;
  }
}
