package io.mvq.autoencoder;

import io.mvq.tensor.Parameters;
import org.bytedeco.pytorch.Conv2dImpl;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Divides a layer's weights, as a matrix of its outputs by all that each reads, by an estimate of
 * their largest singular value (arXiv 1802.05957, algorithm 1): so a layer cannot answer a small
 * change of what it reads with a large one.
 */
final class SpectralNorm {
  private static final double TINY = 1e-12;
  private static final int FIRST_TURNS = 10;

  private final Conv2dImpl layer;
  private final Tensor left;
  private final Tensor right;

  /**
   * @param owner keeps the estimate, so that it is saved with the weights, under this name
   */
  SpectralNorm(Module owner, String name, Conv2dImpl layer) {
    this.layer = layer;
    Tensor matrix = matrix().detach();
    left = Parameters.buffer(owner, name + "_left", unit(torch.randn(matrix.size(0))));
    right = Parameters.buffer(owner, name + "_right", unit(torch.randn(matrix.size(1))));
    for (int turn = 0; turn < FIRST_TURNS; turn++) {
      refine();
    }
  }

  /** A turn of the power iteration: one a step keeps up with weights that are trained. */
  void refine() {
    try (NoGradGuard guard = new NoGradGuard()) {
      Tensor matrix = matrix();
      right.copy_(unit(matrix.t().mv(left)));
      left.copy_(unit(matrix.mv(right)));
    }
  }

  /** The layer's weights, normalised, with a graph to them. */
  Tensor weight() {
    Tensor largest = left.dot(matrix().mv(right));
    return layer.weight().div(largest.add(new Scalar(TINY)));
  }

  private Tensor matrix() {
    return layer.weight().flatten(1, -1);
  }

  private static Tensor unit(Tensor vector) {
    return vector.div(vector.norm().add(new Scalar(TINY)));
  }
}
