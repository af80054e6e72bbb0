package io.mvq.autoencoder;

import org.bytedeco.pytorch.Conv2dImpl;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * Repeats each pixel 2x2, then convolves 3x3: a free transposed convolution leaves a raster (Odena
 * et al., "Deconvolution and Checkerboard Artifacts", Distill 2016), which a discriminator's pull
 * strengthens. Both steps are one transposed convolution, 4x4 of stride 2, whose kernel is the 3x3
 * one spread by a 2x2 box: 4 taps an output pixel in place of 9.
 */
final class Doubling extends Module {
  private static final long[] STRIDE = {2, 2};
  private static final long[] PADDING = {1, 1};
  private static final long[] NO_PADDING = {0, 0};
  private static final long[] ONE = {1, 1};
  private static final Scalar ZERO = new Scalar(0.0);

  private final Conv2dImpl same;

  Doubling(long in, long out) {
    super("Doubling");
    same = register_module("same", Convolutions.same(in, out));
  }

  /** (n, in, h, w) to (n, out, 2h, 2w). */
  Tensor forward(Tensor map) {
    Tensor kernel = spread(spread(same.weight().flip(2, 3).transpose(0, 1), 2), 3);
    return torch.conv_transpose2d(
        map, kernel, new TensorOptional(same.bias()), STRIDE, PADDING, NO_PADDING, 1, ONE);
  }

  /** (out, in, 3, 3). */
  Tensor weight() {
    return same.weight();
  }

  /** (out). */
  Tensor bias() {
    return same.bias();
  }

  /** Adds a copy one place further on, along an axis. */
  private static Tensor spread(Tensor kernel, int axis) {
    long[] after = axis == 2 ? new long[] {0, 0, 0, 1} : new long[] {0, 1};
    long[] before = axis == 2 ? new long[] {0, 0, 1, 0} : new long[] {1, 0};
    return torch
        .constant_pad_nd(kernel, after, ZERO)
        .add(torch.constant_pad_nd(kernel, before, ZERO));
  }
}
