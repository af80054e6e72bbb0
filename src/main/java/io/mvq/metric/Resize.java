package io.mvq.metric;

import io.mvq.tensor.Devices;
import io.mvq.tensor.Tensors;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * How images are brought to the FID Inception's 299 x 299 pixels. Programs differ in it, and with
 * them their distances (Parmar et al., arXiv 2104.11222): compare only numbers from one mode.
 *
 * <p>Each is linear in rows and in columns, so it is a matrix (out, in) for either.
 */
public enum Resize {
  /** TensorFlow 1's: bilinear, pixel 0 on pixel 0, no half-pixel offset. The first FID's. */
  TF1_BILINEAR("TF1 bilinear", 128) {
    @Override
    void fill(float[] row, int i, double scale) {
      bilinear(row, i * scale);
    }
  },
  /** Bilinear between pixel centres, without antialiasing, as pytorch-fid does. */
  HALF_PIXEL_BILINEAR("half-pixel bilinear", 127.5) {
    @Override
    void fill(float[] row, int i, double scale) {
      bilinear(row, Math.max(0, (i + 0.5) * scale - 0.5));
    }
  },
  /** Pillow's bicubic, a = -0.5, with antialiasing, clipped to 0..255, as clean-fid does. */
  CLEAN("clean bicubic", 128) {
    @Override
    void fill(float[] row, int i, double scale) {
      // Made smaller, the kernel widens so that every pixel counts.
      double stretch = Math.max(scale, 1);
      double centre = (i + 0.5) * scale;
      int from = (int) Math.max(0, centre - 2 * stretch + 0.5);
      int to = (int) Math.min(row.length, centre + 2 * stretch + 0.5);
      double sum = 0;
      for (int j = from; j < to; j++) {
        sum += cubic((j + 0.5 - centre) / stretch);
      }
      for (int j = from; j < to; j++) {
        row[j] = (float) (cubic((j + 0.5 - centre) / stretch) / sum);
      }
    }
  };

  private final String title;
  private final double centre;

  Resize(String title, double centre) {
    this.title = title;
    this.centre = centre;
  }

  /** For people, e.g. {@code clean bicubic}. */
  public String title() {
    return title;
  }

  /**
   * Images of {@code side} x {@code side} pixels.
   *
   * @param pixels float32 (n, c, h, w) in 0..255
   */
  Tensor apply(Tensor pixels, int side) {
    Tensor rows = Devices.like(weights((int) pixels.size(2), side), pixels);
    Tensor columns = Devices.like(weights((int) pixels.size(3), side), pixels);
    Tensor resized = torch.matmul(torch.matmul(rows, pixels), columns.t());
    return resized.clamp(
        new ScalarOptional(new Scalar(0.0)), new ScalarOptional(new Scalar(255.0)));
  }

  /** Pixels in 0..255 to about -1..1, about the middle that the mode's programs take. */
  Tensor centred(Tensor pixels) {
    return pixels.sub(new Scalar(centre)).div(new Scalar(centre));
  }

  /** What each pixel of a line of {@code in} gives to each of {@code out}, (out, in). */
  Tensor weights(int in, int out) {
    float[] all = new float[out * in];
    for (int i = 0; i < out; i++) {
      float[] row = new float[in];
      fill(row, i, (double) in / out);
      System.arraycopy(row, 0, all, i * in, in);
    }
    return Tensors.of(all, out, in);
  }

  /** Sets the weights of pixel {@code i} of the result. @param scale in / out */
  abstract void fill(float[] row, int i, double scale);

  private static void bilinear(float[] row, double place) {
    int below = (int) place;
    double share = place - below;
    row[below] += (float) (1 - share);
    row[Math.min(below + 1, row.length - 1)] += (float) share;
  }

  /** Keys' cubic with a = -0.5. */
  private static double cubic(double x) {
    double d = Math.abs(x);
    if (d < 1) {
      return (1.5 * d - 2.5) * d * d + 1;
    }
    return d < 2 ? ((-0.5 * d + 2.5) * d - 4) * d + 2 : 0;
  }
}
