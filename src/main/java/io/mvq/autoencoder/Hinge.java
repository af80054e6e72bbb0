package io.mvq.autoencoder;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** The hinge form of a game between two (arXiv 1705.02894), on logits of any shape. */
final class Hinge {
  private Hinge() {}

  /** For the discriminator: real patches above 1, made ones below -1 cost nothing more. */
  static Tensor discriminator(Tensor real, Tensor made) {
    Tensor missed = real.neg().add(new Scalar(1.0)).relu().mean();
    Tensor fooled = made.add(new Scalar(1.0)).relu().mean();
    return missed.add(fooled).mul(new Scalar(0.5));
  }

  /** For the autoencoder: the higher its patches are judged the better, without saturation. */
  static Tensor autoencoder(Tensor made) {
    return made.mean().neg();
  }
}
