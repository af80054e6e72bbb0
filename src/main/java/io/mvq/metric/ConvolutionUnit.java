package io.mvq.metric;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * A convolution, the normalisation after it folded into its weights, and ReLU.
 *
 * @param weight float32 (out, in, height, width)
 * @param bias float32 (out)
 */
record ConvolutionUnit(Tensor weight, Tensor bias, Shape shape) {
  /** What a unit must look like. */
  record Shape(long in, long out, long height, long width, long stride, long padH, long padW) {
    /** A square one. */
    static Shape square(long in, long out, long size, long stride, long pad) {
      return new Shape(in, out, size, size, stride, pad, pad);
    }

    /** One of stride 1 that keeps the map's size. */
    static Shape same(long in, long out, long height, long width) {
      return new Shape(in, out, height, width, 1, height / 2, width / 2);
    }

    /** The weight's, (out, in, height, width). */
    long[] weight() {
      return new long[] {out, in, height, width};
    }
  }

  /**
   * Folds a normalisation without a scale, as Keras' and TF-Slim's Inceptions have none.
   *
   * @param weight (out, in, height, width)
   * @param beta the others (out)
   */
  static ConvolutionUnit folded(
      Tensor weight, Tensor beta, Tensor mean, Tensor variance, double epsilon, Shape shape) {
    return folded(weight, torch.ones_like(beta), beta, mean, variance, epsilon, shape);
  }

  /** Folds a normalisation with a scale, gamma (out). */
  static ConvolutionUnit folded(
      Tensor weight,
      Tensor gamma,
      Tensor beta,
      Tensor mean,
      Tensor variance,
      double epsilon,
      Shape shape) {
    Tensor scale = gamma.mul(variance.add(new Scalar(epsilon)).rsqrt());
    Tensor scaled = weight.mul(scale.reshape(-1, 1, 1, 1)).contiguous();
    return new ConvolutionUnit(scaled, beta.sub(mean.mul(scale)), shape);
  }

  /** With a graph to the input, none to the weights. */
  Tensor forward(Tensor x) {
    // In place: the convolution's gradient needs what it was given, not what it gave.
    return torch.relu_(
        torch.conv2d(
            x,
            weight,
            new TensorOptional(bias),
            new long[] {shape.stride(), shape.stride()},
            new long[] {shape.padH(), shape.padW()},
            new long[] {1, 1},
            1));
  }
}
