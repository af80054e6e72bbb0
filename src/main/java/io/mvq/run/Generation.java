package io.mvq.run;

import io.mvq.metric.FeatureMoments;
import io.mvq.metric.FrechetDistance;
import io.mvq.metric.PrecisionRecall;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Quality of samples.
 *
 * @param images how many, and how many real ones they were held against
 */
public record Generation(double frechet, double precision, double recall, long images) {
  private static final int BATCH = 64;

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
      PrecisionRecall quality = PrecisionRecall.of(real.rows(), made);
      try (FeatureMoments truth = real.moments();
          FeatureMoments samples = RealFeatures.moments(made)) {
        return new Generation(
            FrechetDistance.between(truth, samples),
            quality.precision(),
            quality.recall(),
            real.count());
      }
    }
  }
}
