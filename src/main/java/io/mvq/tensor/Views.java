package io.mvq.tensor;

import io.mvq.kernel.FloatMatrix;
import io.mvq.kernel.MaskBits;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A tensor's own memory as the kernels see it, without a copy. The tensor must outlive the view.
 */
public final class Views {
  private Views() {}

  /**
   * A dense float32 tensor as rows of its last dimension.
   *
   * @param name names the tensor in errors
   */
  public static FloatMatrix matrix(Tensor tensor, String name) {
    long[] shape = Shapes.of(Shapes.requireDense(tensor, name, ScalarType.Float), name);
    if (shape.length < 2) {
      throw new IllegalArgumentException(
          name + " must have at least 2 dimensions, got shape " + Shapes.text(shape));
    }
    long width = shape[shape.length - 1];
    if (width < 1) {
      throw new IllegalArgumentException(
          name + "'s last dimension must be at least 1, got shape " + Shapes.text(shape));
    }
    return FloatMatrix.of(Tensors.data(tensor), tensor.numel() / width, width);
  }

  /** A dense int64 tensor's elements. */
  public static LongPointer longs(Tensor tensor, String name) {
    return Tensors.longData(Shapes.requireDense(tensor, name, ScalarType.Long));
  }

  /** Masks as a float32 tensor (count, bits) of zeros and ones, on the CPU. */
  public static Tensor unpack(MaskBits masks) {
    long[] words = new long[Math.toIntExact(masks.count() * MaskBits.words(masks.bits()))];
    masks.words().get(words);
    return unpack(Tensors.of(words, masks.count(), MaskBits.words(masks.bits())), masks.bits());
  }

  /** The same of mask words, int64 (count, words), on their device. */
  public static Tensor unpack(Tensor words, long bits) {
    Tensor places = torch.arange(new Scalar(64L), Tensors.options(ScalarType.Long, words.device()));
    return words
        .unsqueeze(-1)
        .bitwise_right_shift(places)
        .bitwise_and(new Scalar(1L))
        .flatten(1, 2)
        .narrow(1, 0, bits)
        .to(ScalarType.Float);
  }

  /** Mask words, int64 (count, words), as masks in their memory, wherever that is. */
  public static MaskBits masks(Tensor words, long bits, String name) {
    Shapes.require(words, name, Shapes.ANY, MaskBits.words(bits));
    return new MaskBits(longs(words, name), words.size(0), bits);
  }

  /** A copy of mask words, int64 (count, words), as masks that Java can read. */
  public static MaskBits copy(Tensor words, long bits) {
    MaskBits masks = MaskBits.allocate(words.size(0), bits);
    long[] values = Tensors.longs(words);
    if (values.length > 0) {
      masks.words().put(values);
    }
    return masks;
  }

  /** A tensor (count, bits), kept where not zero, as masks. */
  public static MaskBits pack(Tensor kept, String name) {
    long[] shape = Shapes.of(Shapes.require(kept, name, Shapes.ANY, Shapes.ANY));
    MaskBits masks = MaskBits.allocate(shape[0], shape[1]);
    long perMask = MaskBits.words(shape[1]);
    long[] words = new long[Math.toIntExact(shape[0] * perMask)];
    float[] values = Tensors.floats(kept);
    for (int i = 0; i < values.length; i++) {
      if (values[i] != 0) {
        long bit = i % shape[1];
        words[(int) (i / shape[1] * perMask + bit / 64)] |= 1L << (bit % 64);
      }
    }
    if (words.length > 0) {
      masks.words().put(words);
    }
    return masks;
  }
}
