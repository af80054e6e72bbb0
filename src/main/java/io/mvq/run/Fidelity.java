package io.mvq.run;

import io.mvq.data.Batches;
import io.mvq.metric.FeatureMoments;
import io.mvq.metric.FrechetDistance;
import io.mvq.metric.Psnr;
import io.mvq.metric.Ssim;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * Fidelity of reconstructions.
 *
 * @param psnr mean, in dB
 * @param ssim mean, at most 1; null where it was not asked for, as it takes longer than all else
 * @param images how many
 */
public record Fidelity(double frechet, double psnr, Double ssim, long images) {
  /** With the winners' masks and with random ones; the same for a model without masks. */
  record Pair(Fidelity winner, Fidelity randomMask) {}

  /** Reconstructs each image once by each mask. @param seed of the random masks */
  static Pair of(
      TrainedModel.Reconstructor reconstructor, RealFeatures real, boolean similarity, long seed) {
    try (Tally winner = new Tally(real, similarity);
        Tally random = new Tally(real, similarity);
        Batches batches = RealFeatures.batches(real.images())) {
      long done = 0;
      while (batches.hasNext()) {
        try (PointerScope scope = new PointerScope()) {
          Tensor pixels = batches.next().pixels();
          TrainedModel.Reconstructor.Both made = reconstructor.of(pixels, seed + done);
          winner.add(pixels, made.winner());
          if (reconstructor.masked()) {
            random.add(pixels, made.randomMask());
          }
          done += pixels.size(0);
        }
      }
      Fidelity plain = winner.total();
      return new Pair(plain, reconstructor.masked() ? random.total() : plain);
    }
  }

  /** What reconstructions add up to, batch by batch. */
  private static final class Tally implements AutoCloseable {
    private final RealFeatures real;
    private final boolean similarity;
    private final FeatureMoments moments;
    private double psnr;
    private double ssim;

    Tally(RealFeatures real, boolean similarity) {
      this.real = real;
      this.similarity = similarity;
      moments = new FeatureMoments(real.network().width());
    }

    void add(Tensor pixels, Tensor decoded) {
      moments.add(real.network().features(decoded));
      psnr += pixels.size(0) * Psnr.mean(pixels, decoded);
      if (similarity) {
        ssim += pixels.size(0) * Ssim.mean(pixels, decoded);
      }
    }

    Fidelity total() {
      try (FeatureMoments truth = real.moments()) {
        return new Fidelity(
            FrechetDistance.between(truth, moments),
            psnr / real.count(),
            similarity ? ssim / real.count() : null,
            real.count());
      }
    }

    @Override
    public void close() {
      moments.close();
    }
  }
}
