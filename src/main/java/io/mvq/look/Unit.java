package io.mvq.look;

import io.mvq.tensor.Devices;
import io.mvq.tensor.Shapes;
import java.util.Map;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A convolution without bias whose BatchNorm is folded into it, as Keras' MobileNetV2 has them.
 *
 * @param weight (out, in / groups, size, size)
 * @param bias (out)
 * @param stride 1, or 2 with Keras' padding: none before, one pixel after
 * @param groups 1, or as many as channels
 */
record Unit(Tensor weight, Tensor bias, long stride, long groups) {
  private static final double EPSILON = 1e-3;
  private static final Scalar ZERO = new Scalar(0.0);

  /** Where weights lie and of which type they are to be. */
  record Source(Map<String, Tensor> weights, Device device, ScalarType type) {
    /** A unit. @param kernel the convolution's weight @param norm the BatchNorm's name */
    Unit unit(String kernel, String norm, long in, long out, long size, long stride) {
      boolean depthwise = kernel.endsWith("depthwise_kernel");
      // Keras: (height, width, in, out); depthwise: (height, width, channels, 1).
      Tensor stored = find(kernel, size, size, in, depthwise ? 1 : out);
      Tensor weight = depthwise ? stored.permute(2, 3, 0, 1) : stored.permute(3, 2, 0, 1);
      Tensor spread = find(norm + "/moving_variance", out).add(new Scalar(EPSILON)).rsqrt();
      Tensor scale = find(norm + "/gamma", out).mul(spread);
      Tensor mean = find(norm + "/moving_mean", out);
      Tensor bias = find(norm + "/beta", out).sub(mean.mul(scale));
      Tensor scaled = weight.mul(scale.reshape(-1, 1, 1, 1)).contiguous();
      return new Unit(kept(scaled), kept(bias), stride, depthwise ? in : 1);
    }

    private Tensor find(String name, long... shape) {
      Tensor weight = weights.get(name);
      if (weight == null) {
        throw new IllegalArgumentException("the model has no weight " + name);
      }
      return Shapes.require(weight, name, shape);
    }

    private Tensor kept(Tensor weight) {
      return Devices.to(weight.to(type), device).retainReference();
    }
  }

  /** Linear; the caller may clamp it. */
  Tensor forward(Tensor x) {
    long pad = stride == 1 ? weight.size(2) / 2 : 0;
    Tensor in = stride == 1 ? x : torch.constant_pad_nd(x, new long[] {0, 1, 0, 1}, ZERO);
    return torch.conv2d(
        in,
        weight,
        new TensorOptional(bias),
        new long[] {stride, stride},
        new long[] {pad, pad},
        new long[] {1, 1},
        groups);
  }

  /** Clamped to 0..6. */
  Tensor clamped(Tensor x) {
    return torch.relu6(forward(x));
  }
}
