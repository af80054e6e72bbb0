package io.mvq.look;

import io.mvq.tensor.Shapes;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Images as networks want them that were trained on photographs. */
final class FetchedImages {
  private static final long SIDE = 64;

  private FetchedImages() {}

  static void check(String look, long channels) {
    if (channels != 1 && channels != 3) {
      throw new IllegalArgumentException(
          look + " sees images of 1 or 3 channels, got " + channels + " channels");
    }
  }

  /**
   * Images in [-1, 1] in [0, 1]: grey ones repeated to three channels, ones of fewer than 64 pixels
   * enlarged to 64, bilinearly between pixel centres.
   */
  static Tensor of(String look, Tensor images) {
    Shapes.require(images, "images", Shapes.ANY, Shapes.ANY, Shapes.ANY, Shapes.ANY);
    check(look, images.size(1));
    Tensor large =
        Math.min(images.size(2), images.size(3)) >= SIDE
            ? images
            : torch.upsample_bilinear2d(images, new long[] {SIDE, SIDE}, false);
    Tensor colours = large.expand(-1, 3, -1, -1);
    return colours.add(new Scalar(1)).mul(new Scalar(0.5));
  }
}
