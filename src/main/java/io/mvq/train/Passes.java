package io.mvq.train;

import io.mvq.tensor.Ranks;

/**
 * Which of a training's passes are a rank's. A pass has a number over the whole run, from 0: within
 * a step shard by shard, within a shard one accumulated batch after the other. Ranks share the
 * shards in order.
 *
 * @param each passes a step, of all ranks
 * @param own passes a step of this rank
 * @param first of this rank's, within a step
 */
public record Passes(int each, int own, int first) {
  /** Of a rank. @throws IllegalArgumentException if the ranks cannot share the shards equally */
  public static Passes of(Training training, Ranks ranks) {
    if (training.shards() % ranks.count() != 0) {
      throw new IllegalArgumentException(
          String.format(
              "shards must be a multiple of the %d ranks, got %d",
              ranks.count(), training.shards()));
    }
    int own = training.passes() / ranks.count();
    return new Passes(training.passes(), own, own * ranks.rank());
  }

  /** The number of this rank's n-th pass, from 0. */
  public long number(long n) {
    return n / own * each + first + n % own;
  }
}
