package io.mvq.data;

import io.mvq.tensor.RandomState;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Which images a step takes: a pure function of (size, batch, seed, step). */
final class Order {
  private final int size;
  private final int batch;
  private final long seed;
  private final boolean shuffled;
  private long cachedEpoch = -1;
  private int[] permutation;

  Order(int size, int batch, long seed, boolean shuffled) {
    if (batch < 1) {
      throw new IllegalArgumentException("batch must be at least 1, got " + batch);
    }
    if (shuffled && batch > size) {
      throw new IllegalArgumentException(
          "batch must be at most the number of images, " + size + ", got " + batch);
    }
    this.size = size;
    this.batch = batch;
    this.seed = seed;
    this.shuffled = shuffled;
  }

  /** Indices into the source; in order, none after the last. */
  int[] indices(long step) {
    if (!shuffled) {
      long from = Math.min(size, step * batch);
      int[] indices = new int[(int) (Math.min(size, from + batch) - from)];
      Arrays.setAll(indices, i -> (int) from + i);
      return indices;
    }
    long steps = size / batch;
    int from = (int) (step % steps) * batch;
    return Arrays.copyOfRange(permutation(step / steps), from, from + batch);
  }

  private int[] permutation(long epoch) {
    if (epoch != cachedEpoch) {
      permutation = new int[size];
      Arrays.setAll(permutation, i -> i);
      SplittableRandom random = new SplittableRandom(RandomState.mix(~seed, epoch));
      for (int i = size - 1; i > 0; i--) {
        int j = random.nextInt(i + 1);
        int swapped = permutation[i];
        permutation[i] = permutation[j];
        permutation[j] = swapped;
      }
      cachedEpoch = epoch;
    }
    return permutation;
  }
}
