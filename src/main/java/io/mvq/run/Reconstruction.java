package io.mvq.run;

import io.mvq.autoencoder.TokenAutoencoder;
import io.mvq.data.Batches;
import io.mvq.kernel.MaskBits;
import io.mvq.metric.FeatureMoments;
import io.mvq.metric.FrechetDistance;
import io.mvq.metric.Psnr;
import io.mvq.metric.Ssim;
import io.mvq.quantize.Encoding;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * Fidelity of reconstructions.
 *
 * @param psnr mean, in dB
 * @param ssim mean, at most 1; null where it was not asked for, as it takes longer than all else
 * @param images how many
 */
public record Reconstruction(double frechet, double psnr, Double ssim, long images) {
  /** With the winners' masks and with random ones; the same for a model without masks. */
  record Pair(Reconstruction winner, Reconstruction randomMask) {}

  /** Encodes each image once. @param seed of the random masks */
  static Pair of(TokenAutoencoder model, RealFeatures real, boolean similarity, long seed) {
    boolean masked = model.winners() > 0;
    try (Tally winner = new Tally(real, similarity);
        Tally random = new Tally(real, similarity);
        Batches batches = RealFeatures.batches(real.images())) {
      long done = 0;
      while (batches.hasNext()) {
        try (PointerScope scope = new PointerScope()) {
          Tensor pixels = batches.next().pixels();
          Encoding encoding = model.encode(pixels);
          winner.add(pixels, Evaluation.decode(model, encoding.tokens(), encoding.masks()));
          if (masked) {
            MaskBits masks = model.randomMasks(pixels.size(0), seed + done);
            random.add(pixels, Evaluation.decode(model, encoding.tokens(), masks));
          }
          done += pixels.size(0);
        }
      }
      Reconstruction plain = winner.total();
      return new Pair(plain, masked ? random.total() : plain);
    }
  }

  /** Of a model without masks. @param reconstruct images to images, on any device */
  public static Reconstruction of(
      UnaryOperator<Tensor> reconstruct, RealFeatures real, boolean similarity) {
    try (Tally all = new Tally(real, similarity);
        Batches batches = RealFeatures.batches(real.images())) {
      while (batches.hasNext()) {
        try (PointerScope scope = new PointerScope()) {
          Tensor pixels = batches.next().pixels();
          all.add(pixels, reconstruct.apply(pixels).cpu());
        }
      }
      return all.total();
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

    Reconstruction total() {
      try (FeatureMoments truth = real.moments()) {
        return new Reconstruction(
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
