package io.mvq.kernel;

import io.mvq.kernel.binding.mvq_dropout;

/**
 * The stream that dropout masks are drawn from: counter-based Philox4x32-10, so that any mask can
 * be drawn alone.
 *
 * @param seed the stream
 * @param firstRow the row number of a batch's row 0, at least 0: makes the batch a window of a
 *     longer stream
 * @param keep probability that a bit is 1, in 0..1; the paper's 1 - p
 */
public record Dropout(long seed, long firstRow, double keep) {
  public Dropout {
    if (firstRow < 0) {
      throw new IllegalArgumentException("firstRow must be at least 0, got " + firstRow);
    }
    if (!(keep >= 0 && keep <= 1)) {
      throw new IllegalArgumentException("keep must be in 0..1, got " + keep);
    }
  }

  void fill(mvq_dropout struct) {
    struct.seed(seed).first_row(firstRow).keep(keep);
  }
}
