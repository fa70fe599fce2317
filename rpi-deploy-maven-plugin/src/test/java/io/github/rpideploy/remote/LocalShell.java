package io.github.rpideploy.remote;

import io.github.rpideploy.DeployException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A shell of this machine in place of the Pi, with a directory as the user's home. */
public class LocalShell implements RemoteHost {

  /** A sync that does not wait for the disk of this machine, which may be at work for minutes. */
  private static final Path WITHOUT_WAITING = sync();

  /** What runs now. */
  public final CopyOnWriteArrayList<Process> running = new CopyOnWriteArrayList<>();

  private final PosixShell shell;
  private final Path home;
  private volatile CompletableFuture<Boolean> connection = new CompletableFuture<>();
  private @Nullable Path path;
  private @Nullable Path programs;

  private static Path sync() {
    try {
      Path directory = Files.createTempDirectory("sync");
      Path program = Files.writeString(directory.resolve("sync"), "#!/bin/sh\n");
      directory.toFile().deleteOnExit();
      program.toFile().deleteOnExit();
      if (!program.toFile().setExecutable(true)) {
        throw new IOException("not executable: " + program);
      }
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public LocalShell(PosixShell shell, Path home) {
    this.shell = shell;
    this.home = home;
  }

  /** The same with the programs of this directory before all others. */
  public LocalShell withPrograms(Path directory) {
    programs = directory;
    return this;
  }

  /** The same with nothing but what is in this directory to call. */
  public LocalShell withPath(Path directory) {
    path = directory;
    return this;
  }

  @Override
  public String name() {
    return "pi@here:22";
  }

  @Override
  public ExecResult exec(Command command, Stdin stdin, OutputStream stdout) {
    try {
      ProcessBuilder builder =
          shell
              .process("-c", "exec " + command.toShell())
              .directory(home.toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD);
      builder.environment().put("HOME", home.toString());
      PosixShell.prepend(builder, WITHOUT_WAITING);
      if (programs != null) {
        PosixShell.prepend(builder, programs);
      }
      if (path != null) {
        builder.environment().put("PATH", path.toString());
      }
      Process process = builder.start();
      running.add(process);
      Thread input = new Thread(() -> write(stdin, process));
      input.start();
      CompletableFuture<Boolean> lost = connection;
      CompletableFuture<Boolean> ended = CompletableFuture.supplyAsync(() -> read(process, stdout));
      if ((boolean) CompletableFuture.anyOf(ended, lost).join()) {
        throw new DeployException("The connection to " + name() + " was lost", "Look at it");
      }
      int status = process.waitFor();
      running.remove(process);
      return new ExecResult(status, null, "", "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean read(Process process, OutputStream stdout) {
    try {
      process.getInputStream().transferTo(stdout);
    } catch (IOException e) {
      // It was killed.
    }
    return false;
  }

  /** What runs is no longer heard of, and hears nothing more; it does not know that yet. */
  public void drop() {
    CompletableFuture<Boolean> lost = connection;
    connection = new CompletableFuture<>();
    lost.complete(true);
  }

  /** The same, and it knows. */
  public void cut() throws IOException {
    drop();
    for (Process process : running) {
      process.getOutputStream().close();
    }
  }

  private static void write(Stdin stdin, Process process) {
    try (OutputStream out = process.getOutputStream()) {
      stdin.writeTo(out);
    } catch (IOException e) {
      // It has ended before it has read everything.
    }
  }

  @Override
  public ExecResult exec(Command command, Stdin stdin) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ExecResult result = exec(command, stdin, out);
    return new ExecResult(result.exitStatus(), null, out.toString(StandardCharsets.UTF_8), "");
  }

  @Override
  public Socket socket() {
    throw new UnsupportedOperationException("no smoke tests here");
  }
}
