package io.mvq.look;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** Lengths of differences, with a gradient everywhere. */
final class Lengths {
  /** Squared: what a length must exceed to be told from 0, on maps of length 1 and on pixels. */
  private static final double SMALLEST = 1e-6;

  private Lengths() {}

  /**
   * sqrt(square + e^2) - e, e = 0.001: 0 and flat at 0, where a root's slope is infinite. It is
   * conditionally negative definite as the length is, so the score of it is as proper.
   */
  static Tensor ofSquare(Tensor square) {
    return square.add(new Scalar(SMALLEST)).sqrt().sub(new Scalar(Math.sqrt(SMALLEST)));
  }

  /** Each position's channels scaled to length 1: (n, c, h, w) to the same. */
  static Tensor unit(Tensor map) {
    Tensor square = map.square().sum(new long[] {1}, true, null);
    return map.mul(square.add(new Scalar(SMALLEST)).rsqrt());
  }

  /** Mean over images and positions of the channels' length: (n, c, h, w) to a scalar. */
  static Tensor mean(Tensor difference) {
    return ofSquare(difference.square().sum(1)).mean();
  }
}
