package io.github.rpideploy.ssh;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.remote.Command;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.remote.Stdin;
import io.github.rpideploy.ssh.settings.SshSettings;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.future.OpenFuture;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.exception.SshChannelOpenException;
import org.apache.sshd.common.util.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * One command on one channel. The calling thread writes standard input and then waits. Another
 * thread passes standard output on, so that neither waits for the other and a slow reader does not
 * block MINA's own threads. Standard error is small and kept as it comes.
 */
final class Execution {

  private static final int CHUNK = 128 * 1024;
  private static final int KEPT_STDERR = 64 * 1024;
  private static final Duration OPENING = Duration.ofMinutes(1);

  private final AuthenticatedSession link;
  private final Sessions sessions;
  private final Executor pumps;
  private final Command command;
  private final String marker;
  private final ExecFailures failures;
  private final Tail stderr = new Tail(KEPT_STDERR);
  private final CompletableFuture<Void> closed = new CompletableFuture<>();

  Execution(
      SshSettings settings,
      AuthenticatedSession link,
      Sessions sessions,
      Executor pumps,
      Command command,
      String marker) {
    this.link = link;
    this.sessions = sessions;
    this.pumps = pumps;
    this.command = command;
    this.marker = marker;
    this.failures = new ExecFailures(settings, command, link.watch());
  }

  /** Runs it once; {@link ExecResult#stdout()} is empty. */
  ExecResult run(Stdin stdin, OutputStream stdout) {
    StartMarker marked = new StartMarker(marker, stdout);
    StartMarker markedError = new StartMarker(marker, stderr);
    ChannelExec channel;
    try (Sessions.Lease lease = sessions.lease()) {
      channel = open(lease, markedError);
      CompletableFuture<Void> output =
          CompletableFuture.runAsync(() -> pump(channel, marked), pumps);
      send(channel, stdin);
      await(channel, output);
    }
    return result(channel, marked, markedError);
  }

  /** Waits when the server gives no session until another command of ours has ended. */
  private ChannelExec open(Sessions.Lease lease, OutputStream error) {
    try {
      while (true) {
        ChannelExec channel =
            link.session().createExecChannel(StartMarker.printedBefore(command, marker).toShell());
        channel.setErr(error);
        OpenFuture opening = channel.open();
        if (opening.await(OPENING) && opening.isOpened()) {
          channel.addCloseFutureListener(future -> closed.complete(null));
          lease.opened(command.lasting());
          return channel;
        }
        channel.close(true);
        Throwable refusal = opening.getException();
        if (!(refusal instanceof SshChannelOpenException) || !lease.awaitNext()) {
          throw notOpened(refusal);
        }
      }
    } catch (InterruptedIOException | InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failures.interrupted();
    } catch (IOException | IllegalStateException e) {
      throw notOpened(e);
    }
  }

  private DeployException notOpened(@Nullable Throwable cause) {
    return link.session().isOpen() ? failures.notStarted(cause) : failures.lost();
  }

  private void pump(ChannelExec channel, OutputStream stdout) {
    byte[] buffer = new byte[CHUNK];
    try {
      InputStream from = channel.getInvertedOut();
      for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
        stdout.write(buffer, 0, n);
        stdout.flush();
      }
    } catch (IOException e) {
      end(channel);
      throw new UncheckedIOException(e);
    } catch (RuntimeException | Error e) {
      end(channel);
      throw e;
    }
  }

  private void send(ChannelExec channel, Stdin stdin) {
    ChannelStdin raw = new ChannelStdin(channel.getInvertedIn());
    boolean done = false;
    try {
      BufferedOutputStream out = new BufferedOutputStream(raw, CHUNK);
      stdin.writeTo(out);
      out.flush();
      raw.end();
      done = true;
    } catch (IOException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw failures.interrupted();
      }
      if (raw.stalled()) {
        throw failures.stalled();
      }
      if (!raw.refused()) {
        throw failures.noStdin(e);
      }
      done = true;
    } finally {
      if (!done) {
        end(channel);
      }
    }
  }

  private void await(ChannelExec channel, CompletableFuture<Void> output) {
    try {
      CompletableFuture.allOf(closed, output)
          .get(command.timeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      end(channel);
      throw failures.timedOut(stderr.text());
    } catch (InterruptedException e) {
      end(channel);
      Thread.currentThread().interrupt();
      throw failures.interrupted();
    } catch (ExecutionException e) {
      throw failures.stdoutRefused(e.getCause());
    }
  }

  /**
   * Ends the command and the channel, but not the connection. The signal comes first: a command
   * that only loses its standard input would take it for complete.
   */
  private void end(ChannelExec channel) {
    boolean interrupted = Thread.interrupted();
    try {
      Buffer signal = link.session().createBuffer(SshConstants.SSH_MSG_CHANNEL_REQUEST, 64);
      signal.putUInt(channel.getRecipient());
      signal.putString("signal");
      signal.putBoolean(false);
      signal.putString("TERM");
      link.session().writePacket(signal);
    } catch (IOException | RuntimeException e) {
      // The connection is gone, and the command with it.
    }
    channel.close(false);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private ExecResult result(ChannelExec channel, StartMarker marked, StartMarker markedError) {
    @Nullable Integer status = channel.getExitStatus();
    @Nullable String signal = channel.getExitSignal();
    boolean told = status != null || signal != null;
    // The exit status may overtake the rest of the output, which is complete only with its end.
    if (!link.session().isOpen() && !(told && channel.isEofSignalled())) {
      throw failures.lost();
    }
    if (!told && marked.seen()) {
      throw failures.cutOff();
    }
    if (!marked.seen()) {
      String said = (marked.noise() + "\n" + markedError.noise()).strip();
      throw failures.notRun(status, said);
    }
    return new ExecResult(
        signal == null && status != null ? status : -1, signal, "", stderr.text());
  }
}
