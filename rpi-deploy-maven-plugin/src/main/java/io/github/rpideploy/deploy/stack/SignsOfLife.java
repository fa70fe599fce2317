package io.github.rpideploy.deploy.stack;

import io.github.rpideploy.remote.Command;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.remote.RemoteHost;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * A command on the Pi that is told at intervals that this deploy is alive, until the deploy lock is
 * released: the guard, or what passes the signs on to it.
 */
final class SignsOfLife {

  /** A build that is interrupted ends soon, whatever the link does. */
  private static final Duration TELLING = Duration.ofSeconds(2);

  private static final int ALIVE = '.';
  private static final int IN_ORDER = 'q';

  private final RemoteHost host;
  private final Command command;
  private final Duration heartbeat;
  private final CountDownLatch released;
  private final OutputStream answer;
  private final CompletableFuture<Boolean> told = new CompletableFuture<>();
  private final CompletableFuture<Boolean> ended = new CompletableFuture<>();

  /**
   * @param released when the lock is no longer needed
   * @param answer receives what the command prints
   */
  SignsOfLife(
      RemoteHost host,
      Command command,
      Duration heartbeat,
      CountDownLatch released,
      OutputStream answer) {
    this.host = host;
    this.command = command;
    this.heartbeat = heartbeat;
    this.released = released;
    this.answer = answer;
  }

  /**
   * Starts the command, in a thread of its own.
   *
   * @param end is told how it has ended
   * @param failure is told why it could not be run to its end
   */
  void start(Consumer<ExecResult> end, Consumer<Throwable> failure) {
    Thread thread = new Thread(() -> run(end, failure), "rpi-deploy lock");
    thread.setDaemon(true);
    thread.start();
  }

  /** Completes when the command has ended, or could not be run to its end. */
  CompletableFuture<Boolean> ended() {
    return ended;
  }

  /** Waits until the command, or its connection, has ended; returns whether it has. */
  boolean awaitEnd(Duration patience) {
    return within(patience, ended).isPresent();
  }

  /** Waits a little until the command was told that the lock is no longer needed. */
  void awaitTold() {
    within(TELLING, told);
  }

  /**
   * What a future completes with in that time; empty also when it fails, or the thread has to end.
   */
  static <T> Optional<T> within(Duration patience, CompletableFuture<T> future) {
    try {
      return Optional.ofNullable(future.get(patience.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException | ExecutionException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private void run(Consumer<ExecResult> end, Consumer<Throwable> failure) {
    try {
      end.accept(host.exec(command, this::write, answer));
    } catch (RuntimeException | Error e) {
      failure.accept(e);
    } finally {
      told.complete(false);
      ended.complete(true);
    }
  }

  private void write(OutputStream out) throws IOException {
    while (!awaitRelease()) {
      out.write(ALIVE);
      out.flush();
    }
    out.write(IN_ORDER);
    out.flush();
    told.complete(true);
  }

  private boolean awaitRelease() {
    try {
      return released.await(heartbeat.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
