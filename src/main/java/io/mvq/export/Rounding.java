package io.mvq.export;

import io.mvq.data.Batches;
import io.mvq.data.ImageSource;
import io.mvq.data.format.ImageLimits;
import io.mvq.data.set.ImageFolder;
import io.mvq.metric.Psnr;
import io.mvq.prior.Sampling;
import io.mvq.run.Run;
import io.mvq.run.TrainedModel;
import io.mvq.tensor.Tensors;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * What rounded weights cost, measured on images that both models reconstruct.
 *
 * @param images what they are
 * @param count how many
 * @param psnr of the float32 model's reconstructions, in dB
 * @param rounded of the rounded model's
 * @param mean difference of the two models' pixels, in levels of 255
 * @param most such difference
 */
public record Rounding(
    String images, int count, double psnr, double rounded, double mean, double most) {
  private static final int MOST_IMAGES = 256;
  private static final int BATCH = 64;
  private static final long SEED = 1;

  /**
   * Measures on the run's held-out images where they can be opened, else on images that the model
   * draws; null if there are neither.
   */
  static Rounding of(Run run, TrainedModel model, TrainedModel rounded) {
    ImageSource heldOut;
    try {
      heldOut = run.images(null, ImageFolder.Damaged.SKIP, ImageLimits.DEFAULT).set().test();
    } catch (IOException | IllegalArgumentException e) {
      heldOut = null; // they stayed behind
    }
    if (heldOut != null && heldOut.size() > 0) {
      List<Tensor> batches = new ArrayList<>();
      try (Batches read = Batches.inOrder(heldOut, BATCH, 1)) {
        while (read.hasNext() && batches.size() * BATCH < MOST_IMAGES) {
          batches.add(read.next().pixels());
        }
      }
      return of("held-out images", batches, model, rounded);
    }
    return model.hasPrior()
        ? of(
            "images drawn from the prior",
            List.of(model.sample(BATCH, -1, Sampling.PLAIN, SEED)),
            model,
            rounded)
        : null;
  }

  private static Rounding of(
      String images, List<Tensor> batches, TrainedModel model, TrainedModel rounded) {
    int count = 0;
    double[] sums = new double[3];
    double most = 0;
    for (Tensor pixels : batches) {
      try (PointerScope scope = new PointerScope()) {
        int n = (int) pixels.size(0);
        Tensor plain = model.reconstructor().of(pixels, SEED).winner();
        Tensor other = rounded.reconstructor().of(pixels, SEED).winner();
        Tensor apart = plain.sub(other).abs();
        count += n;
        sums[0] += n * Psnr.mean(pixels, plain);
        sums[1] += n * Psnr.mean(pixels, other);
        sums[2] += n * 127.5 * Tensors.scalar(apart.mean());
        most = Math.max(most, 127.5 * Tensors.scalar(apart.max()));
      }
    }
    return new Rounding(images, count, sums[0] / count, sums[1] / count, sums[2] / count, most);
  }

  /** As one sentence. */
  public String text() {
    return String.format(
        Locale.ROOT,
        "rounding the weights to bfloat16 took the PSNR of %d reconstructed %s from %.2f to %.2f dB;"
            + " pixels differ by %.2f of 255 levels on average, by %.0f at most",
        count,
        images,
        psnr,
        rounded,
        mean,
        most);
  }
}
