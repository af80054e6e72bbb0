package io.mvq.metric;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Balls around features, each reaching to the k-th nearest other feature of the same set.
 *
 * @param centres float64 (n, d)
 * @param radii float64 (n)
 */
record NearestBalls(Tensor centres, Tensor radii) {
  /** Queries compared at once, so that no (n, n) matrix is held. */
  static final long BLOCK = 256;

  /** Around each row, (n, d). */
  static NearestBalls around(Tensor rows, int k) {
    Tensor centres = doubles(rows);
    long n = centres.size(0);
    Tensor radii = torch.empty(n).to(ScalarType.Double);
    for (long from = 0; from < n; from += BLOCK) {
      try (PointerScope scope = new PointerScope()) {
        long size = Math.min(BLOCK, n - from);
        Tensor distances = between(centres.narrow(0, from, size), centres);
        distances.narrow(1, from, size).fill_diagonal_(new Scalar(Double.POSITIVE_INFINITY));
        radii.narrow(0, from, size).copy_(distances.kthvalue(k, 1, false).get0());
      }
    }
    return new NearestBalls(centres, radii);
  }

  /** Features as these balls compare them. */
  static Tensor doubles(Tensor rows) {
    return rows.detach().cpu().to(ScalarType.Double);
  }

  /** From each query to each centre, (queries, n). @param queries float64 */
  Tensor distances(Tensor queries) {
    return between(queries, centres);
  }

  /** Throws unless each row has k others and all are finite. */
  static void check(Tensor rows, String name, int k) {
    if (k < 1 || k >= rows.size(0)) {
      throw new IllegalArgumentException(
          "k must be at least 1 and below the rows of "
              + name
              + ", "
              + rows.size(0)
              + ", got "
              + k);
    }
    FeatureRows.requireFinite(rows, name);
  }

  /** Direct differences: by matrix products equal rows would not be at distance 0. */
  private static Tensor between(Tensor a, Tensor b) {
    return torch.cdist(a, b, 2, new LongOptional(2));
  }
}
