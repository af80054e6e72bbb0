package io.mvq.autoencoder;

import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.Conv2dImpl;
import org.bytedeco.pytorch.Conv2dOptions;
import org.bytedeco.pytorch.GroupNormImpl;
import org.bytedeco.pytorch.GroupNormOptions;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** The layers that encoders, decoders and the discriminator are made of. */
final class Convolutions {
  private static final long CHANNELS_PER_GROUP = 16;
  private static final long BLOCK = 16; // channels that oneDNN works on together
  private static final Scalar ZERO = new Scalar(0.0);

  private Convolutions() {}

  /** 3x3, same size. */
  static Conv2dImpl same(long in, long out) {
    Conv2dOptions options = new Conv2dOptions(in, out, new LongPointer(3, 3));
    options.padding().put(new LongPointer(1, 1));
    return new Conv2dImpl(options);
  }

  /** 1x1, same size. */
  static Conv2dImpl point(long in, long out) {
    return new Conv2dImpl(new Conv2dOptions(in, out, new LongPointer(1, 1)));
  }

  /** 4x4, stride 2: half the size. */
  static Conv2dImpl halve(long in, long out) {
    Conv2dOptions options = new Conv2dOptions(in, out, new LongPointer(4, 4));
    options.stride().put(new LongPointer(2, 2));
    options.padding().put(new LongPointer(1, 1));
    return new Conv2dImpl(options);
  }

  /** 4x4 with one pixel of padding: one pixel smaller. */
  static Conv2dImpl wide(long in, long out) {
    Conv2dOptions options = new Conv2dOptions(in, out, new LongPointer(4, 4));
    options.padding().put(new LongPointer(1, 1));
    return new Conv2dImpl(options);
  }

  /**
   * Runs a layer of {@link #same} or {@link #wide}. Where its channels are no multiple of 16
   * oneDNN's gradient to the input reads memory that nobody wrote (LibTorch 2.10, AVX2 and AVX-512:
   * NaN where that memory held NaN), so channels of zeros are added and taken away again.
   */
  static Tensor run(Conv2dImpl layer, Tensor x) {
    return run(layer.weight(), layer.bias(), 1, x);
  }

  /**
   * The same with other weights of such a layer, or of one of {@link #halve}, whose stride is 2.
   */
  static Tensor run(Tensor weight, Tensor bias, long stride, Tensor x) {
    long out = weight.size(0);
    long missing = -out & (BLOCK - 1);
    long[] strides = {stride, stride};
    long[] one = {1, 1};
    if (missing == 0) {
      return torch.conv2d(x, weight, new TensorOptional(bias), strides, one, one, 1);
    }
    Tensor padded = torch.constant_pad_nd(weight, new long[] {0, 0, 0, 0, 0, 0, 0, missing}, ZERO);
    TensorOptional offsets =
        new TensorOptional(torch.constant_pad_nd(bias, new long[] {0, missing}, ZERO));
    return torch.conv2d(x, padded, offsets, strides, one, one, 1).narrow(1, 0, out);
  }

  /** GroupNorm in groups of 16 channels. */
  static GroupNormImpl norm(long channels) {
    long groups = channels % CHANNELS_PER_GROUP == 0 ? channels / CHANNELS_PER_GROUP : 1;
    return new GroupNormImpl(new GroupNormOptions(groups, channels));
  }
}
