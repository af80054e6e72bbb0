package io.mvq.data.format;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Work that may never end, such as decoding a damaged file by someone else's code. A thread that is
 * late is interrupted and left behind: Java cannot stop it, but it neither blocks the caller nor
 * keeps the process alive.
 */
final class Deadline {
  private Deadline() {}

  private static final ExecutorService THREADS =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "mvq-decode");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * What the work gives, within the time.
   *
   * @throws IOException the work's own, or for one that is late
   */
  static <T> T within(Duration time, Callable<T> work) throws IOException {
    Thread[] worker = new Thread[1];
    Future<T> running =
        THREADS.submit(
            () -> {
              worker[0] = Thread.currentThread();
              return work.call();
            });
    try {
      return running.get(time.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      running.cancel(true);
      if (worker[0] != null) {
        worker[0].setPriority(Thread.MIN_PRIORITY);
      }
      throw new IOException(
          String.format(
              Locale.ROOT,
              "not decoded within %s s; raise the deadline if it is whole",
              text(time)));
    } catch (InterruptedException e) {
      running.cancel(true);
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    } catch (ExecutionException e) {
      throw fault(e.getCause());
    }
  }

  private static IOException fault(Throwable cause) {
    if (cause instanceof OutOfMemoryError) {
      return new IOException("needs more memory than there is (java -Xmx)", cause);
    }
    if (cause instanceof StackOverflowError) {
      return new IOException("nested too deep", cause);
    }
    if (cause instanceof Error error) {
      throw error;
    }
    return cause instanceof IOException own
        ? own
        : new IOException(
            cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage(),
            cause);
  }

  private static String text(Duration time) {
    return BigDecimal.valueOf(time.toMillis(), 3).stripTrailingZeros().toPlainString();
  }
}
