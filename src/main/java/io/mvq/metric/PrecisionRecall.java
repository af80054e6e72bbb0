package io.mvq.metric;

import io.mvq.tensor.Shapes;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Improved precision and recall, Kynkaanniemi et al., arXiv 1904.06991, section 2: each set's
 * manifold is the union of balls around its features, reaching to the k-th nearest other feature of
 * the same set.
 *
 * @param precision the share of generated features within the real manifold, 0 to 1: fidelity
 * @param recall the share of real features within the generated manifold, 0 to 1: variety
 */
public record PrecisionRecall(double precision, double recall) {
  /** The paper's k. */
  public static final int K = 3;

  private static final long BLOCK = 256;

  /** With the paper's k of 3. */
  public static PrecisionRecall of(Tensor real, Tensor generated) {
    return of(real, generated, K);
  }

  /**
   * @param real (n, d)
   * @param generated (m, d); compare only numbers from equal n and m
   * @param k at least 1, below n and m
   */
  public static PrecisionRecall of(Tensor real, Tensor generated, int k) {
    Shapes.require(real, "real", Shapes.ANY, Shapes.ANY);
    Shapes.require(generated, "generated", Shapes.ANY, real.size(1));
    check(real, "real", k);
    check(generated, "generated", k);
    try (PointerScope scope = new PointerScope()) {
      Tensor a = real.detach().to(ScalarType.Float);
      Tensor b = generated.detach().to(ScalarType.Float);
      return new PrecisionRecall(covered(b, a, radii(a, k)), covered(a, b, radii(b, k)));
    }
  }

  /** Distance of each row to its k-th nearest other row, (n). */
  private static Tensor radii(Tensor rows, int k) {
    long n = rows.size(0);
    Tensor radii = torch.empty(n);
    for (long from = 0; from < n; from += BLOCK) {
      try (PointerScope scope = new PointerScope()) {
        long size = Math.min(BLOCK, n - from);
        Tensor distances = distances(rows.narrow(0, from, size), rows);
        distances.narrow(1, from, size).fill_diagonal_(new Scalar(Double.POSITIVE_INFINITY));
        radii.narrow(0, from, size).copy_(distances.kthvalue(k, 1, false).get0());
      }
    }
    return radii;
  }

  /** The share of queries within the ball of any centre, its surface included. */
  private static double covered(Tensor queries, Tensor centres, Tensor radii) {
    long n = queries.size(0);
    long inside = 0;
    for (long from = 0; from < n; from += BLOCK) {
      try (PointerScope scope = new PointerScope()) {
        Tensor distances = distances(queries.narrow(0, from, Math.min(BLOCK, n - from)), centres);
        inside += distances.le(radii).any(1).sum().item_long();
      }
    }
    return (double) inside / n;
  }

  /** Direct differences: by matrix products equal rows would not be at distance 0. */
  private static Tensor distances(Tensor a, Tensor b) {
    return torch.cdist(a, b, 2, new LongOptional(2));
  }

  private static void check(Tensor rows, String name, int k) {
    if (k < 1 || k >= rows.size(0)) {
      throw new IllegalArgumentException(
          "k must be at least 1 and below the rows of "
              + name
              + ", "
              + rows.size(0)
              + ", got "
              + k);
    }
    try (PointerScope scope = new PointerScope()) {
      if (!torch.isfinite(rows).all().item_bool()) {
        throw new IllegalArgumentException(
            name + " must be finite, got NaN or infinity; has the model diverged?");
      }
    }
  }
}
