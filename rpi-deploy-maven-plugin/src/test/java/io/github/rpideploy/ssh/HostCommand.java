package io.github.rpideploy.ssh;

import io.github.rpideploy.remote.Command;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.remote.ShellWords;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.channel.ChannelSession;
import org.jspecify.annotations.Nullable;

/** A command line that no shell runs but a host in memory. */
final class HostCommand extends StreamCommand {

  private final RemoteHost host;
  private final String line;
  private @Nullable Thread thread;

  HostCommand(RemoteHost host, String line) {
    this.host = host;
    this.line = line;
  }

  @Override
  public void start(ChannelSession channel, Environment environment) {
    Thread running = new Thread(this::run, "Pi in memory");
    running.setDaemon(true);
    running.start();
    thread = running;
  }

  /** What this fails with is the client's to tell, so nothing may be lost. */
  private void run() {
    try {
      exit.onExit(answer());
    } catch (IOException | RuntimeException e) {
      exit.onExit(250, "the Pi in memory: " + e);
    }
  }

  private int answer() throws IOException {
    List<String> argv = ShellWords.parse(line);
    // sh -c SCRIPT sh MARKER: what StartMarker puts before each command.
    byte[] marker = ("=" + argv.get(4) + "\n").getBytes(StandardCharsets.UTF_8);
    out.write(marker);
    out.flush();
    err.write(marker);
    err.flush();
    ExecResult result =
        host.exec(Command.of(argv.subList(5, argv.size())), in::transferTo, new Flushed(out));
    err.write(result.stderr().getBytes(StandardCharsets.UTF_8));
    err.flush();
    return result.exitStatus();
  }

  @Override
  public void destroy(ChannelSession channel) {
    if (thread != null) {
      thread.interrupt();
    }
  }

  /** What is written is seen at once, as on a real machine. */
  private static final class Flushed extends OutputStream {

    private final OutputStream to;

    Flushed(OutputStream to) {
      this.to = to;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      to.write(bytes, offset, length);
      to.flush();
    }
  }
}
