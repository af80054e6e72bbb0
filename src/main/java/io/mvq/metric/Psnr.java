package io.mvq.metric;

import io.mvq.tensor.Shapes;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Peak signal-to-noise ratio of images in [-1, 1], in decibels; higher is better. */
public final class Psnr {
  private Psnr() {}

  /** Equal images would be infinite and hide all others in a mean; they count as this much. */
  public static final double MOST = 100;

  /**
   * The mean over images of 10 log10(2^2 / mean squared error), each at most {@link #MOST}.
   *
   * @param images (n, c, h, w), n at least 1
   * @param reconstructions of the same shape
   */
  public static double mean(Tensor images, Tensor reconstructions) {
    long[] shape = Shapes.of(images, "images");
    Shapes.require(images, "images", Shapes.ANY, Shapes.ANY, Shapes.ANY, Shapes.ANY);
    Shapes.require(reconstructions, "reconstructions", shape);
    if (images.numel() == 0) {
      throw new IllegalArgumentException(
          "images must hold at least 1 image, got shape " + Shapes.text(shape));
    }
    try (PointerScope scope = new PointerScope()) {
      Tensor apart =
          images.detach().to(ScalarType.Double).sub(reconstructions.detach().to(ScalarType.Double));
      Tensor error = apart.square().mean(1, 2, 3);
      double least = 4 / Math.pow(10, MOST / 10);
      double psnr =
          10 * (Math.log10(4) - error.clamp_min(new Scalar(least)).log10().mean().item_double());
      if (!Double.isFinite(psnr)) {
        throw new IllegalArgumentException(
            "images and reconstructions must be finite, got a PSNR of " + psnr);
      }
      return psnr;
    }
  }
}
