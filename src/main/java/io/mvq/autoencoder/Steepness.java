package io.mvq.autoencoder;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * How steep a discriminator is around images: the mean square of its logits' gradient, estimated
 * along one random direction an image, E (D(x + s n) - D(x))^2 / s^2. Held down at real and at made
 * images (R1 and R2, arXiv 1801.04406, section 4.1; so estimated in arXiv 2501.08316, section 3.3)
 * the game converges where it else runs away, and no gradient of a gradient is needed.
 */
final class Steepness {
  /** Pixels are in -1..1: a noise that is hardly seen. */
  private static final double STEP = 0.05;

  private Steepness() {}

  /**
   * A scalar with a graph to the discriminator's weights; draws from LibTorch's generator.
   *
   * @param images (n, channels, side, side)
   * @param logits of these images, with a graph
   */
  static Tensor of(PatchDiscriminator discriminator, Tensor images, Tensor logits) {
    Tensor direction = torch.randn_like(images.detach());
    Tensor moved = images.detach().add(direction.mul(new Scalar(STEP)));
    return discriminator.forward(moved).sub(logits).div(new Scalar(STEP)).square().mean();
  }
}
