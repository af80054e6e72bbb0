package io.mvq.tensor;

import io.mvq.kernel.FloatMatrix;
import io.mvq.kernel.MaskBits;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A tensor's own memory as the kernels see it, without a copy. The tensor must outlive the view.
 */
public final class Views {
  private Views() {}

  /**
   * A dense float32 CPU tensor as rows of its last dimension.
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

  /** A dense int64 CPU tensor's elements. */
  public static LongPointer longs(Tensor tensor, String name) {
    return Tensors.longData(Shapes.requireDense(tensor, name, ScalarType.Long));
  }

  /** Masks as a float32 tensor (count, bits) of zeros and ones. */
  public static Tensor unpack(MaskBits masks) {
    Tensor bits = torch.empty(masks.count(), masks.bits());
    float[] values = new float[Math.toIntExact(masks.count() * masks.bits())];
    long words = MaskBits.words(masks.bits());
    for (int i = 0; i < values.length; i++) {
      long mask = i / masks.bits();
      long bit = i % masks.bits();
      values[i] = masks.words().get(mask * words + bit / 64) >>> (bit % 64) & 1;
    }
    if (values.length > 0) {
      Tensors.data(bits).put(values);
    }
    return bits;
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
