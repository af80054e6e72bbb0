package io.mvq.autoencoder;

import io.mvq.tensor.Shapes;
import io.mvq.tensor.Tensors;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** Checks of tokens that come from outside: a file, a prior, a user. */
final class Tokens {
  private Tokens() {}

  /** Throws unless tokens is (n, codes.length) with token t in 0..codes[t] - 1. */
  static void check(Tensor tokens, int[] codes) {
    Shapes.require(tokens, "tokens", Shapes.ANY, codes.length);
    long[] values = Tensors.longs(tokens);
    for (int i = 0; i < values.length; i++) {
      int t = i % codes.length;
      if (values[i] < 0 || values[i] >= codes[t]) {
        throw new IllegalArgumentException(
            "token "
                + t
                + " of image "
                + i / codes.length
                + " must be in 0.."
                + (codes[t] - 1)
                + ", got "
                + values[i]);
      }
    }
  }

  /** Pixels to -1..1. */
  static Tensor clamped(Tensor images) {
    return images.clamp_min(new Scalar(-1)).clamp_max(new Scalar(1));
  }
}
