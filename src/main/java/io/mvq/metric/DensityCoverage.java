package io.mvq.metric;

import io.mvq.tensor.Shapes;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Density and coverage, Naeem et al., arXiv 2002.09797, section 3: balls around the real features
 * only, each reaching to the k-th nearest other real feature, its surface excluded. Unlike {@link
 * PrecisionRecall} neither is swayed by outliers among the generated features.
 *
 * @param density how many balls hold a generated feature, on average, over k: fidelity; 0 or more,
 *     1 for equal sets, above 1 where generated features crowd in dense parts
 * @param coverage the share of balls that hold a generated feature, 0 to 1: variety
 */
public record DensityCoverage(double density, double coverage) {
  /** The paper's k. */
  public static final int K = 5;

  /** With the paper's k of 5. */
  public static DensityCoverage of(Tensor real, Tensor generated) {
    return of(real, generated, K);
  }

  /**
   * @param real (n, d)
   * @param generated (m, d), m at least 1; compare only numbers from equal n and m
   * @param k at least 1, below n
   */
  public static DensityCoverage of(Tensor real, Tensor generated, int k) {
    try (PointerScope scope = new PointerScope()) {
      NearestBalls balls = NearestBalls.around(real, "real", k);
      return of(balls, generated, k);
    }
  }

  /** As above, from balls made before for this k or more. */
  public static DensityCoverage of(NearestBalls real, Tensor generated, int k) {
    Shapes.require(generated, "generated", Shapes.ANY, real.centres().size(1));
    FeatureRows.check(generated, "generated", 1, "density and coverage");
    try (PointerScope scope = new PointerScope()) {
      Tensor radii = real.radii(k);
      Tensor queries = NearestBalls.doubles(generated);
      long n = radii.size(0);
      Tensor covered = torch.zeros(n).to(ScalarType.Bool);
      long m = queries.size(0);
      long held = 0;
      for (long from = 0; from < m; from += NearestBalls.BLOCK) {
        try (PointerScope block = new PointerScope()) {
          long size = Math.min(NearestBalls.BLOCK, m - from);
          Tensor inside = real.distances(queries.narrow(0, from, size)).lt(radii);
          held += inside.sum().item_long();
          covered.logical_or_(inside.any(0));
        }
      }
      double share = (double) covered.sum().item_long() / n;
      return new DensityCoverage((double) held / ((double) k * m), share);
    }
  }
}
