package io.mvq.quantize;

import io.mvq.tensor.Devices;
import io.mvq.tensor.Shapes;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Lloyd's k-means on the kernels, seeded with rows drawn in proportion to their distance
 * (k-means++).
 */
final class KMeans {
  private static final int ITERATIONS = 10;

  private KMeans() {}

  /**
   * Codes that represent the rows; needs no more rows than codes: spare codes are jittered copies.
   *
   * @param rows float32 (n, d), n at least 1
   * @return float32 (k, d)
   */
  static Tensor fit(Tensor rows, long k) {
    long[] shape = Shapes.of(Shapes.require(rows, "rows", Shapes.ANY, Shapes.ANY));
    if (shape[0] < 1) {
      throw new IllegalArgumentException("rows must hold at least 1 row to make codes of, got 0");
    }
    Tensor codes = seeds(rows, k);
    for (int i = 0; i < ITERATIONS; i++) {
      Search.Sums sums = Search.sums(rows, Search.nearest(rows, codes), k);
      Tensor counts = sums.counts().unsqueeze(1);
      Tensor means = sums.sums().div(counts.clamp_min(new Scalar(1)));
      codes = torch.where(counts.gt(new Scalar(0)), means, codes).contiguous();
    }
    return codes;
  }

  /**
   * k-means++: each seed is a row drawn with probability proportional to its squared distance to
   * the seeds so far.
   */
  private static Tensor seeds(Tensor rows, long k) {
    long n = rows.size(0);
    Tensor scale = rows.var(false).sqrt();
    Tensor seeds = torch.empty(new long[] {k, rows.size(1)}, rows.options(), null);
    Tensor distance = torch.ones(new long[] {n}, rows.options());
    for (long i = 0; i < k; i++) {
      try (PointerScope scope = new PointerScope()) {
        boolean spread = distance.sum().item_double() > 0;
        // Drawn on the CPU: the numbers of the seed, whatever the device.
        Tensor pick = torch.multinomial(spread ? distance.cpu() : torch.ones(n), 1);
        Tensor row = rows.index_select(0, Devices.like(pick, rows));
        // Rows already all chosen: a copy a little aside, so that no two codes are equal.
        Tensor seed =
            spread
                ? row
                : row.add(
                    Devices.like(torch.randn(1, row.size(1)), row)
                        .mul(scale)
                        .mul(new Scalar(0.01)));
        seeds.select(0, i).copy_(seed.squeeze(0));
        Tensor nearer = rows.sub(seed).square().sum(1);
        distance.copy_(i == 0 ? nearer : torch.minimum(distance, nearer));
      }
    }
    return seeds;
  }
}
