package io.github.rpideploy.deploy;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Function;

/** Does the same on several Pis at the same time. */
public final class SideBySide {

  private SideBySide() {}

  /**
   * Starts a step for each, some of them at the same time.
   *
   * @param width how many at the same time; one is done by the caller's own thread, so all are done
   *     then
   * @return the result of each, or its failure, in the given order
   */
  public static <T, R> Map<T, CompletableFuture<R>> start(
      Collection<T> all, int width, Function<T, R> step) {
    if (width <= 1) {
      return start(all, Runnable::run, step);
    }
    ExecutorService threads = Executors.newFixedThreadPool(width);
    try {
      return start(all, threads, step);
    } finally {
      // What was started comes to its end.
      threads.shutdown();
    }
  }

  /**
   * Does a step for each, and comes back when all have ended.
   *
   * @param width how many at the same time
   * @param step must not fail
   */
  public static <T> void forEach(Collection<T> all, int width, Consumer<T> step) {
    start(
            all,
            width,
            one -> {
              step.accept(one);
              return true;
            })
        .values()
        .forEach(CompletableFuture::join);
  }

  private static <T, R> Map<T, CompletableFuture<R>> start(
      Collection<T> all, Executor threads, Function<T, R> step) {
    Map<T, CompletableFuture<R>> results = new LinkedHashMap<>();
    for (T one : all) {
      results.put(one, CompletableFuture.supplyAsync(() -> step.apply(one), threads));
    }
    return results;
  }
}
