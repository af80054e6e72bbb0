package io.mvq.metric;

import io.mvq.tensor.Shapes;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Balls around features, each reaching to a near other feature of the same set: found once, used by
 * precision and recall and by density and coverage, whose k differ.
 *
 * @param centres float64 (n, d)
 * @param nearest float64 (n, k), distances to the k nearest others, nearest first
 */
public record NearestBalls(Tensor centres, Tensor nearest) {
  /** Queries compared at once, so that no (n, n) matrix is held. */
  static final long BLOCK = 256;

  /**
   * Around each row.
   *
   * @param rows (n, d), finite
   * @param name for errors
   * @param k the most neighbours asked for later, at least 1 and below n
   */
  public static NearestBalls around(Tensor rows, String name, int k) {
    Shapes.require(rows, name, Shapes.ANY, Shapes.ANY);
    long n = rows.size(0);
    if (k < 1 || k >= n) {
      throw new IllegalArgumentException(
          "k must be at least 1 and below the rows of " + name + ", " + n + ", got " + k);
    }
    FeatureRows.requireFinite(rows, name);
    Tensor centres = doubles(rows);
    Tensor nearest = torch.empty(n, k).to(ScalarType.Double);
    for (long from = 0; from < n; from += BLOCK) {
      try (PointerScope scope = new PointerScope()) {
        long size = Math.min(BLOCK, n - from);
        Tensor distances = between(centres.narrow(0, from, size), centres);
        distances.narrow(1, from, size).fill_diagonal_(new Scalar(Double.POSITIVE_INFINITY));
        nearest.narrow(0, from, size).copy_(distances.topk(k, 1, false, true).get0());
      }
    }
    return new NearestBalls(centres, nearest);
  }

  /** Float64 (n): to the k-th nearest. */
  Tensor radii(int k) {
    if (k < 1 || k > nearest.size(1)) {
      throw new IllegalArgumentException(
          "k must be at least 1 and at most what the balls were made for, "
              + nearest.size(1)
              + ", got "
              + k);
    }
    return nearest.select(1, k - 1);
  }

  /** Features as these balls compare them. */
  static Tensor doubles(Tensor rows) {
    return rows.detach().cpu().to(ScalarType.Double);
  }

  /** From each query to each centre, (queries, n). @param queries float64 */
  Tensor distances(Tensor queries) {
    return between(queries, centres);
  }

  /** Direct differences: by matrix products equal rows would not be at distance 0. */
  private static Tensor between(Tensor a, Tensor b) {
    return torch.cdist(a, b, 2, new LongOptional(2));
  }
}
