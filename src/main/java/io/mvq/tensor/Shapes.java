package io.mvq.tensor;

import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Checks of a tensor's shape, type, layout and device, with errors that name the argument. */
public final class Shapes {
  private Shapes() {}

  /** Matches any size in {@link #require}. */
  public static final long ANY = -1;

  /** Throws unless {@code tensor} has this shape; {@link #ANY} matches every size. */
  public static Tensor require(Tensor tensor, String name, long... shape) {
    long[] actual = of(tensor, name);
    boolean fits = actual.length == shape.length;
    for (int i = 0; fits && i < shape.length; i++) {
      fits = shape[i] == ANY || shape[i] == actual[i];
    }
    if (!fits) {
      throw new IllegalArgumentException(
          name + " must have shape " + text(shape) + ", got " + text(actual));
    }
    return tensor;
  }

  /**
   * Throws unless {@code tensor} is dense, of this type, on the CPU or a GPU: what a kernel may
   * read in place.
   */
  public static Tensor requireDense(Tensor tensor, String name, ScalarType type) {
    of(tensor, name);
    if (tensor.scalar_type().intern() != type) {
      throw new IllegalArgumentException(
          name + " must be of type " + type + ", got " + tensor.scalar_type().intern());
    }
    if (!tensor.device().is_cpu() && !tensor.device().is_cuda()) {
      throw new IllegalArgumentException(
          name + " must be on the CPU or on CUDA, got " + device(tensor));
    }
    if (!tensor.is_contiguous()) {
      throw new IllegalArgumentException(
          name
              + " must be contiguous, got strides "
              + Arrays.toString(tensor.strides().vec().get())
              + "; call contiguous()");
    }
    return tensor;
  }

  /** Throws unless both are on one device: a kernel reads all its tensors where it runs. */
  public static void requireTogether(Tensor tensor, String name, Tensor other, String otherName) {
    if (!tensor.device().equals(other.device())) {
      throw new IllegalArgumentException(
          String.format(
              "%s is on %s, but %s on %s; move one with to(device)",
              name, device(tensor), otherName, device(other)));
    }
  }

  /** A tensor's sizes. */
  public static long[] of(Tensor tensor, String name) {
    if (tensor == null || tensor.isNull() || !tensor.defined()) {
      throw new IllegalArgumentException(
          name + " must be a tensor, got " + (tensor == null ? "null" : "an undefined tensor"));
    }
    return of(tensor);
  }

  /** A tensor's sizes. */
  public static long[] of(Tensor tensor) {
    return tensor.sizes().vec().get();
  }

  /** A shape as text, e.g. {@code (n, 4)} with {@code n} for any size. */
  public static String text(long... shape) {
    StringBuilder text = new StringBuilder("(");
    for (int i = 0; i < shape.length; i++) {
      text.append(i == 0 ? "" : ", ").append(shape[i] == ANY ? "any" : Long.toString(shape[i]));
    }
    return text.append(')').toString();
  }

  private static String device(Tensor tensor) {
    return tensor.device().str().getString();
  }
}
