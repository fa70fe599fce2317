package io.github.rpideploy.maven.session;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/** Makes one thing for each key, for several at the same time; who asks for the same one waits. */
public final class Once<K, V> {

  private final Map<K, CompletableFuture<V>> things = new LinkedHashMap<>();

  /** The thing of a key; made when it is first asked for, and again after that has failed. */
  public V of(K key, Supplier<V> make) {
    CompletableFuture<V> own = new CompletableFuture<>();
    CompletableFuture<V> known;
    synchronized (this) {
      known = things.putIfAbsent(key, own);
    }
    return known == null ? made(key, own, make) : joined(known);
  }

  private V made(K key, CompletableFuture<V> own, Supplier<V> make) {
    try {
      own.complete(make.get());
    } catch (RuntimeException | Error e) {
      synchronized (this) {
        things.remove(key);
      }
      own.completeExceptionally(e);
      throw e;
    }
    return own.join();
  }

  private static <V> V joined(CompletableFuture<V> other) {
    try {
      return other.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw e;
    }
  }

  /** Takes out all that was made, in that order. */
  public synchronized List<V> drain() {
    List<V> made =
        things.values().stream()
            .filter(thing -> thing.isDone() && !thing.isCompletedExceptionally())
            .map(CompletableFuture::join)
            .toList();
    things.clear();
    return made;
  }

  /** Whether nothing was asked for yet. */
  public synchronized boolean isEmpty() {
    return things.isEmpty();
  }
}
