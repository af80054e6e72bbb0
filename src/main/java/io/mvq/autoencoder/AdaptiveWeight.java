package io.mvq.autoencoder;

import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Makes the adversarial loss pull as hard as the reconstruction (arXiv 2012.09841, equation 7). */
final class AdaptiveWeight {
  private static final double MOST = 1e4;
  private static final double TINY = 1e-7;

  private AdaptiveWeight() {}

  /**
   * The ratio of both losses' gradient norms at the decoder's last layer, in 0..10000, a scalar
   * without a graph.
   *
   * @param reconstruction a scalar with a graph to {@code lastLayer}
   * @param made the decoded images, with a graph to {@code lastLayer}
   * @param pull the adversarial loss's gradient at {@code made}
   */
  static Tensor of(Tensor reconstruction, Tensor made, Tensor pull, Tensor lastLayer) {
    Tensor ours = gradient(reconstruction, lastLayer, new TensorVector()).norm();
    Tensor theirs = gradient(made, lastLayer, new TensorVector(pull)).norm();
    return ours.div(theirs.add(new Scalar(TINY))).clamp_max(new Scalar(MOST)).detach();
  }

  /** The gradient of {@code of} at {@code at}, weighted by {@code by}; the graph is kept. */
  static Tensor gradient(Tensor of, Tensor at, TensorVector by) {
    BoolOptional keep = new BoolOptional(true);
    TensorVector found =
        torch.grad(new TensorVector(of), new TensorVector(at), by, keep, false, false);
    return new Tensor(found.get(0)); // get points into the vector, which may be collected
  }
}
