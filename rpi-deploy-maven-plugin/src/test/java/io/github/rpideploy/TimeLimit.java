package io.github.rpideploy;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs thousands of cases on one thread, each for a limited time: a thread for each costs more. */
public final class TimeLimit implements AutoCloseable {

  private final Duration limit;
  private final ExecutorService worker =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "cases with a time limit");
            thread.setDaemon(true);
            return thread;
          });

  public TimeLimit(Duration limit) {
    this.limit = limit;
  }

  /**
   * What the case returns.
   *
   * @throws AssertionError with the name, if it takes longer or throws
   */
  public <T> T within(String name, Callable<T> testCase) {
    try {
      return worker.submit(testCase).get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError(name + " takes longer than " + limit, e);
    } catch (ExecutionException e) {
      throw new AssertionError(name + ": " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(name + " was interrupted", e);
    }
  }

  @Override
  public void close() {
    worker.shutdownNow();
  }
}
