package io.mvq.autoencoder;

import org.bytedeco.pytorch.Tensor;

/**
 * Which masks a training pass draws, beside the winners: counter-based, so that a resumed run and
 * the shards of a batch draw the same.
 *
 * @param each m, draws an image, at least 1; a score of their distribution needs 2
 * @param share of a batch's images that are drawn for, its first, above 0 to 1: a batch is in
 *     random order, so a half of it costs half and says the same
 * @param seed of the masks' stream
 * @param first the place of a batch's first image in that stream, at least 0, e.g. step * batch
 */
public record Draws(int each, double share, long seed, long first) {
  public Draws {
    if (each < 1) {
      throw new IllegalArgumentException("each must be at least 1, got " + each);
    }
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException("share must be above 0 and at most 1, got " + share);
    }
    if (first < 0) {
      throw new IllegalArgumentException("first must be at least 0, got " + first);
    }
  }

  /** Images of a batch that are drawn for: its share, at least 1. */
  public long rows(Tensor batch) {
    return rows(share, batch.size(0));
  }

  /** The same of a batch of so many images. */
  public static long rows(double share, long batch) {
    return Math.max(1, Math.round(share * batch));
  }
}
