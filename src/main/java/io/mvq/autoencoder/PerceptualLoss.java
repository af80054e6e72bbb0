package io.mvq.autoencoder;

import org.bytedeco.pytorch.Tensor;

/** How far apart two batches of images look, e.g. by the features of a classifier. */
@FunctionalInterface
public interface PerceptualLoss {
  /**
   * The mean distance, a scalar with a graph to {@code made}.
   *
   * @param made (n, c, side, side), about -1..1 and not clamped
   * @param real the same shape, -1..1
   */
  Tensor between(Tensor made, Tensor real);
}
