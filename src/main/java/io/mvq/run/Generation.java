package io.mvq.run;

import io.mvq.metric.DensityCoverage;
import io.mvq.metric.FeatureMoments;
import io.mvq.metric.FrechetDistance;
import io.mvq.metric.FrechetExtrapolation;
import io.mvq.metric.KernelDistance;
import io.mvq.metric.NearestBalls;
import io.mvq.metric.PrecisionRecall;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Quality of samples.
 *
 * @param frechetInfinite the Frechet distance read at infinitely many samples
 * @param kernel the kernel distance; null where there are too few images for its subsets
 * @param images how many, and how many real ones they were held against
 */
public record Generation(
    double frechet,
    double frechetInfinite,
    KernelDistance kernel,
    double precision,
    double recall,
    double density,
    double coverage,
    long images) {
  private static final int POINTS = 5; // of the line to infinity: each costs a matrix root
  private static final int BATCH = 64;
  private static final int SUBSETS = 20; // of the kernel distance

  /** Draws images. */
  @FunctionalInterface
  public interface Sampler {
    /** n images, (n, c, side, side) on the CPU; equal seeds give equal images. */
    Tensor images(int n, long seed);
  }

  /** Measures as many samples as there are real images. */
  public static Generation of(Sampler sampler, RealFeatures real, long seed) {
    try (PointerScope outer = new PointerScope()) {
      TensorVector rows = new TensorVector();
      long batchSeed = seed;
      for (long done = 0; done < real.count(); done += BATCH) {
        try (PointerScope scope = new PointerScope()) {
          int n = (int) Math.min(BATCH, real.count() - done);
          rows.push_back(real.network().features(sampler.images(n, batchSeed++)));
        }
      }
      Tensor made = torch.cat(rows, 0);
      int near = nearest(real.count());
      int most = Math.max(PrecisionRecall.K, near);
      NearestBalls around = NearestBalls.around(real.rows(), "real", most);
      NearestBalls aroundMade = NearestBalls.around(made, "generated", PrecisionRecall.K);
      PrecisionRecall quality = PrecisionRecall.of(around, aroundMade, PrecisionRecall.K);
      DensityCoverage cover = DensityCoverage.of(around, made, near);
      try (FeatureMoments truth = real.moments();
          FeatureMoments samples = RealFeatures.moments(made)) {
        return new Generation(
            FrechetDistance.between(truth, samples),
            FrechetExtrapolation.of(truth, made, POINTS, least(real.count()), seed).value(),
            real.count() < KernelDistance.SUBSET_SIZE
                ? null
                : KernelDistance.of(real.rows(), made, SUBSETS, KernelDistance.SUBSET_SIZE, seed),
            quality.precision(),
            quality.recall(),
            cover.density(),
            cover.coverage(),
            real.count());
      }
    }
  }

  /** A quarter of the images, but no fewer than make a covariance. */
  private static int least(long images) {
    return (int) Math.max(2, images / 4);
  }

  /** The paper's neighbours, or as many as a small set has. */
  private static int nearest(long images) {
    return (int) Math.min(DensityCoverage.K, images - 1);
  }
}
