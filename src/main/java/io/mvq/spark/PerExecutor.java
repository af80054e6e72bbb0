package io.mvq.spark;

import io.mvq.tensor.ComputeThreads;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** What is shared, opened once in this executor. */
final class PerExecutor {
  private static final Map<String, Object> OPEN = new HashMap<>();

  private PerExecutor() {}

  /**
   * Opens it at the first call; those who call meanwhile wait. LibTorch computes with one thread in
   * the calling thread from here on: Spark has a task for every core.
   */
  @SuppressWarnings("unchecked") // a key names one thing
  static synchronized <T> T of(Shared<T> shared) {
    libTorch();
    Object open = OPEN.get(shared.key());
    if (open == null) {
      open = opened(shared);
      OPEN.put(shared.key(), open);
    }
    return (T) open;
  }

  /** In a thread of its own, where no PointerScope of the caller's would free it. */
  private static Object opened(Shared<?> shared) {
    FutureTask<Object> opening = new FutureTask<>(shared::open);
    new Thread(opening, "mvq-open").start();
    try {
      return opening.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the " + shared.key() + " was opened", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(
          "the " + shared.key() + " could not be opened: " + e.getCause().getMessage(),
          e.getCause());
    }
  }

  /** LibTorch, with one thread in the calling thread. */
  static void libTorch() {
    NativeCache.load("LibTorch", () -> ComputeThreads.set(1));
    ComputeThreads.set(1);
  }
}
