package io.mvq.data;

import io.mvq.tensor.RandomState;
import io.mvq.tensor.Tensors;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongUnaryOperator;

/**
 * Batches of a source, decoded ahead by background threads. A batch depends only on the source, the
 * seed and its step, never on the threads, so training can begin at any step. One consumer; {@link
 * #close} may come from any thread.
 */
public final class Batches implements Iterator<Batch>, AutoCloseable {
  private record Decoded(float[] pixels, long[] labels, int[] indices, List<Damage> damaged) {}

  private final ImageSource source;
  private final Order order;
  private final Augmentation augmentation;
  private final long seed;
  private final boolean onlyReadable;
  private final LongUnaryOperator number;
  private final ExecutorService threads;
  private final Deque<Future<Decoded>> ahead = new ArrayDeque<>();
  private final List<Damage> damaged = new ArrayList<>();
  private long nextStep;
  private long start;
  private long waited;

  private Batches(
      ImageSource source,
      Order order,
      Augmentation augmentation,
      long seed,
      long firstStep,
      int threadCount,
      boolean onlyReadable,
      LongUnaryOperator number) {
    if (threadCount < 1 || threadCount > 256) {
      throw new IllegalArgumentException("threads must be 1 to 256, got " + threadCount);
    }
    if (firstStep < 0) {
      throw new IllegalArgumentException("firstStep must be at least 0, got " + firstStep);
    }
    this.source = source;
    this.order = order;
    this.augmentation = augmentation;
    this.seed = seed;
    this.nextStep = firstStep;
    this.onlyReadable = onlyReadable;
    this.number = number;
    threads =
        Executors.newFixedThreadPool(
            threadCount,
            task -> {
              Thread thread = new Thread(task, "mvq-batches");
              thread.setDaemon(true);
              return thread;
            });
    for (int i = 0; i < threadCount + 2; i++) {
      prefetch();
    }
  }

  /**
   * Without end: each epoch in a new order, its last partial batch dropped.
   *
   * @param firstStep the step to begin with; 0, or where a run resumes
   */
  public static Batches shuffled(
      ImageSource source,
      int batch,
      long seed,
      long firstStep,
      Augmentation augmentation,
      int threads) {
    return shuffled(
        source, batch, seed, firstStep, augmentation, threads, LongUnaryOperator.identity());
  }

  /**
   * The same, some of them.
   *
   * @param number of the batch that comes n-th: those left out are nobody's or another rank's
   */
  public static Batches shuffled(
      ImageSource source,
      int batch,
      long seed,
      long firstStep,
      Augmentation augmentation,
      int threads,
      LongUnaryOperator number) {
    Order order = new Order(source.size(), batch, seed, true);
    return new Batches(source, order, augmentation, seed, firstStep, threads, false, number);
  }

  /** Once through the source in its order, unchanged, with the last partial batch. */
  public static Batches inOrder(ImageSource source, int batch, int threads) {
    return once(source, batch, threads, false, LongUnaryOperator.identity());
  }

  /**
   * The same, some of them.
   *
   * @param number of the batch that comes n-th, rising
   */
  public static Batches inOrder(
      ImageSource source, int batch, int threads, LongUnaryOperator number) {
    return once(source, batch, threads, false, number);
  }

  /**
   * As {@link #inOrder}, but an image that cannot be read is left out of its batch, nothing stands
   * in for it, and {@link #damaged} tells of it. {@link Batch#indices} tells which images there
   * are. The source must throw at a damaged image.
   */
  public static Batches readable(ImageSource source, int batch, int threads) {
    return once(source, batch, threads, true, LongUnaryOperator.identity());
  }

  private static Batches once(
      ImageSource source, int batch, int threads, boolean onlyReadable, LongUnaryOperator number) {
    Order order = new Order(source.size(), batch, 0, false);
    return new Batches(source, order, Augmentation.NONE, 0, 0, threads, onlyReadable, number);
  }

  /** What {@link #readable} left out so far: when the source was opened, and since. */
  public List<Damage> damaged() {
    List<Damage> all = new ArrayList<>(source.leftOut());
    all.addAll(damaged);
    return all;
  }

  /** False after the last batch in order; always true when shuffled. */
  @Override
  public boolean hasNext() {
    // A batch of nothing but damaged images is none.
    while (onlyReadable && !ahead.isEmpty() && head().labels().length == 0) {
      advance();
    }
    return !ahead.isEmpty();
  }

  /** The next batch. What went wrong in the background is thrown here. */
  @Override
  public Batch next() {
    if (!hasNext()) {
      throw new NoSuchElementException("no more batches; the source has been read once");
    }
    long asked = System.nanoTime();
    Decoded decoded = head();
    advance();
    long n = decoded.labels().length;
    Batch batch =
        new Batch(
            Tensors.of(decoded.pixels(), n, source.channels(), source.side(), source.side()),
            decoded.labels(),
            decoded.indices());
    if (start == 0) {
      start = System.nanoTime();
    } else {
      waited += System.nanoTime() - asked;
    }
    return batch;
  }

  /** Waits for the batch that is next. */
  private Decoded head() {
    try {
      return ahead.peek().get();
    } catch (ExecutionException e) {
      if (threads.isShutdown()) {
        throw closed(e);
      }
      throw new IllegalStateException("cannot read a batch: " + e.getCause().getMessage(), e);
    } catch (CancellationException e) {
      throw closed(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for a batch", e);
    }
  }

  private void advance() {
    damaged.addAll(head().damaged());
    ahead.remove();
    try {
      prefetch();
    } catch (RejectedExecutionException e) {
      throw closed(e);
    }
  }

  /** The share of wall time since the first batch that {@link #next} took, 0 to 1. */
  public double waitShare() {
    return start == 0 ? 0 : (double) waited / Math.max(1, System.nanoTime() - start);
  }

  /** Stops the threads; waits a second at most for images being decoded. */
  @Override
  public void close() {
    for (Runnable task : threads.shutdownNow()) {
      ((Future<?>) task).cancel(false);
    }
    try {
      threads.awaitTermination(1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void prefetch() {
    long step = number.applyAsLong(nextStep++);
    int[] indices = order.indices(step);
    if (indices.length > 0) {
      ahead.add(threads.submit(() -> decode(indices, step)));
    }
  }

  private Decoded decode(int[] indices, long step) throws IOException {
    byte[] image = new byte[source.imageBytes()];
    float[] pixels = new float[Math.multiplyExact(indices.length, image.length)];
    long[] labels = new long[indices.length];
    int[] read = new int[indices.length];
    List<Damage> skipped = new ArrayList<>();
    int n = 0;
    for (int i = 0; i < indices.length; i++) {
      try {
        source.read(indices[i], image);
      } catch (IOException e) {
        if (!onlyReadable) {
          throw e;
        }
        skipped.add(new Damage(source.name(indices[i]), e.getMessage()));
        continue;
      }
      SplittableRandom random =
          new SplittableRandom(RandomState.mix(RandomState.mix(seed, step), i));
      augmentation.apply(image, source.channels(), source.side(), random, pixels, n * image.length);
      labels[n] = source.label(indices[i]);
      read[n++] = indices[i];
    }
    return n == indices.length
        ? new Decoded(pixels, labels, read, skipped)
        : new Decoded(
            Arrays.copyOf(pixels, n * image.length),
            Arrays.copyOf(labels, n),
            Arrays.copyOf(read, n),
            skipped);
  }

  private static IllegalStateException closed(Exception cause) {
    return new IllegalStateException("these batches are closed", cause);
  }
}
