package io.mvq.metric;

import io.mvq.tensor.Shapes;
import io.mvq.tensor.Tensors;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Structural similarity, Wang et al., "Image Quality Assessment: From Error Visibility to
 * Structural Similarity", IEEE Transactions on Image Processing 13 (4), 2004: 11x11 Gaussian
 * windows of sigma 1.5 that lie wholly within the image, K1 0.01, K2 0.03. -1 to 1, 1 only for
 * equal images. Each channel is taken alone.
 */
public final class Ssim {
  private Ssim() {}

  /** Pixels a side of a window, and so the least of an image. */
  public static final int WINDOW = 11;

  private static final double SIGMA = 1.5;
  private static final double C1 = 0.01 * 0.01;
  private static final double C2 = 0.03 * 0.03;

  /**
   * The mean over windows, channels and images.
   *
   * @param images (n, c, h, w) in [-1, 1], n at least 1, h and w at least 11
   * @param reconstructions of the same shape
   */
  public static double mean(Tensor images, Tensor reconstructions) {
    Shapes.require(images, "images", Shapes.ANY, Shapes.ANY, Shapes.ANY, Shapes.ANY);
    long[] shape = Shapes.of(images);
    Shapes.require(reconstructions, "reconstructions", shape);
    if (images.numel() == 0 || shape[2] < WINDOW || shape[3] < WINDOW) {
      throw new IllegalArgumentException(
          "images must hold at least 1 image of 11 x 11 pixels or more, got shape "
              + Shapes.text(shape));
    }
    try (PointerScope scope = new PointerScope()) {
      Tensor x = planes(images);
      Tensor y = planes(reconstructions);
      Tensor meanX = blurred(x);
      Tensor meanY = blurred(y);
      Tensor product = meanX.mul(meanY);
      Tensor squares = meanX.square().add(meanY.square());
      Tensor covariance = blurred(x.mul(y)).sub(product);
      Tensor variances = blurred(x.square().add(y.square())).sub(squares);
      Tensor above = twice(product, C1).mul(twice(covariance, C2));
      Tensor below = squares.add(new Scalar(C1)).mul(variances.add(new Scalar(C2)));
      double ssim = above.div(below).mean().item_double();
      if (!Double.isFinite(ssim)) {
        throw new IllegalArgumentException(
            "images and reconstructions must be finite, got an SSIM of " + ssim);
      }
      return ssim;
    }
  }

  /** Each channel an image of its own, in [0, 1]: the measure is meant for values from 0 up. */
  private static Tensor planes(Tensor images) {
    Tensor doubles = images.detach().cpu().to(ScalarType.Double);
    return doubles
        .reshape(-1, images.size(2), images.size(3))
        .add(new Scalar(1.0))
        .mul(new Scalar(0.5));
  }

  private static Tensor twice(Tensor x, double plus) {
    return x.mul(new Scalar(2.0)).add(new Scalar(plus));
  }

  /** Means over Gaussian windows, down and then across. */
  private static Tensor blurred(Tensor planes) {
    Tensor down = windows(planes.size(1));
    Tensor across = windows(planes.size(2));
    return torch.matmul(torch.matmul(down, planes), across.t());
  }

  /** A window at each place of a line of pixels, (size - 10, size). */
  private static Tensor windows(long size) {
    Tensor window = window();
    Tensor all = torch.zeros(size - WINDOW + 1, size).to(ScalarType.Double);
    for (long i = 0; i + WINDOW <= size; i++) {
      all.select(0, i).narrow(0, i, WINDOW).copy_(window);
    }
    return all;
  }

  /** float64 (11), adding up to 1. */
  private static Tensor window() {
    Tensor places = torch.arange(new Scalar(WINDOW), Tensors.options(ScalarType.Double));
    Tensor apart = places.sub(new Scalar(WINDOW / 2));
    Tensor weights = apart.square().mul(new Scalar(-1 / (2 * SIGMA * SIGMA))).exp();
    return weights.div(weights.sum());
  }
}
