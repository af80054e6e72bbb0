package io.mvq.autoencoder;

import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Makes the adversarial loss pull as hard as the reconstruction (arXiv 2012.09841, equation 7). */
final class AdaptiveWeight {
  private static final double MOST = 1e4;
  private static final double TINY = 1e-4;

  private AdaptiveWeight() {}

  /**
   * The ratio of both losses' gradient norms at the decoder's last layer, in 0..10000, a scalar
   * without a graph.
   */
  static Tensor of(Tensor reconstruction, Tensor adversarial, Tensor lastLayer) {
    Tensor pull = norm(reconstruction, lastLayer);
    Tensor other = norm(adversarial, lastLayer);
    return pull.div(other.add(new Scalar(TINY))).clamp_max(new Scalar(MOST)).detach();
  }

  private static Tensor norm(Tensor loss, Tensor weight) {
    return torch
        .grad(
            new TensorVector(loss),
            new TensorVector(weight),
            new TensorVector(),
            new BoolOptional(true), // the graph is needed again by backward
            false,
            false)
        .get(0)
        .norm();
  }
}
