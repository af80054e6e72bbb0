package io.mvq.metric;

import io.mvq.tensor.Shapes;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

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
    try (PointerScope scope = new PointerScope()) {
      NearestBalls balls = NearestBalls.around(real, "real", k);
      Shapes.require(generated, "generated", Shapes.ANY, real.size(1));
      return of(balls, NearestBalls.around(generated, "generated", k), k);
    }
  }

  /** As above, from balls made before for this k or more. */
  public static PrecisionRecall of(NearestBalls real, NearestBalls generated, int k) {
    Shapes.require(generated.centres(), "generated", Shapes.ANY, real.centres().size(1));
    try (PointerScope scope = new PointerScope()) {
      return new PrecisionRecall(
          covered(generated.centres(), real, k), covered(real.centres(), generated, k));
    }
  }

  /** The share of queries within any ball, its surface included. */
  private static double covered(Tensor queries, NearestBalls balls, int k) {
    Tensor radii = balls.radii(k);
    long n = queries.size(0);
    long inside = 0;
    for (long from = 0; from < n; from += NearestBalls.BLOCK) {
      try (PointerScope scope = new PointerScope()) {
        Tensor block = queries.narrow(0, from, Math.min(NearestBalls.BLOCK, n - from));
        inside += balls.distances(block).le(radii).any(1).sum().item_long();
      }
    }
    return (double) inside / n;
  }
}
