package io.mvq.tensor;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Java arrays in and out of tensors, by one copy each. */
public final class Tensors {
  private Tensors() {}

  /** A float32 tensor holding a copy of {@code values}, row major. */
  public static Tensor of(float[] values, long... shape) {
    Tensor tensor = empty(ScalarType.Float, values.length, shape);
    if (values.length > 0) {
      data(tensor).put(values);
    }
    return tensor;
  }

  /** A float64 tensor holding a copy of {@code values}, row major. */
  public static Tensor of(double[] values, long... shape) {
    Tensor tensor = empty(ScalarType.Double, values.length, shape);
    if (values.length > 0) {
      doubleData(tensor).put(values);
    }
    return tensor;
  }

  /** An int64 tensor holding a copy of {@code values}, row major. */
  public static Tensor of(long[] values, long... shape) {
    Tensor tensor = empty(ScalarType.Long, values.length, shape);
    if (values.length > 0) {
      longData(tensor).put(values);
    }
    return tensor;
  }

  /** A uint8 tensor holding a copy of {@code values}, row major. */
  public static Tensor of(byte[] values, long... shape) {
    Tensor tensor = empty(ScalarType.Byte, values.length, shape);
    if (values.length > 0) {
      byteData(tensor).put(values);
    }
    return tensor;
  }

  /** A float32 tensor of zeros. */
  public static Tensor zeros(long... shape) {
    return torch.zeros(shape);
  }

  /** An int64 tensor of zeros. */
  public static Tensor longZeros(long... shape) {
    return torch.zeros(shape, options(ScalarType.Long));
  }

  /** The tensor's elements as floats, row major, whatever its type, strides and device. */
  public static float[] floats(Tensor tensor) {
    try (Tensor dense = tensor.detach().cpu().to(ScalarType.Float).contiguous()) {
      float[] values = new float[Math.toIntExact(dense.numel())];
      if (values.length > 0) {
        data(dense).get(values);
      }
      return values;
    }
  }

  /** The tensor's elements as doubles, row major, whatever its type, strides and device. */
  public static double[] doubles(Tensor tensor) {
    try (Tensor dense = tensor.detach().cpu().to(ScalarType.Double).contiguous()) {
      double[] values = new double[Math.toIntExact(dense.numel())];
      if (values.length > 0) {
        doubleData(dense).get(values);
      }
      return values;
    }
  }

  /** The tensor's elements as longs, row major. */
  public static long[] longs(Tensor tensor) {
    try (Tensor dense = tensor.detach().cpu().to(ScalarType.Long).contiguous()) {
      long[] values = new long[Math.toIntExact(dense.numel())];
      if (values.length > 0) {
        longData(dense).get(values);
      }
      return values;
    }
  }

  /** The tensor's elements as bytes, row major; the tensor must be uint8. */
  public static byte[] bytes(Tensor tensor) {
    try (Tensor dense = tensor.detach().cpu().contiguous()) {
      byte[] values = new byte[Math.toIntExact(dense.numel())];
      if (values.length > 0) {
        byteData(dense).get(values);
      }
      return values;
    }
  }

  /** The one element of a tensor as a double. */
  public static double scalar(Tensor tensor) {
    return tensor.item_double();
  }

  /** Options naming only the element type. */
  public static TensorOptions options(ScalarType type) {
    return new TensorOptions(type);
  }

  /** Options naming the element type and the device. */
  public static TensorOptions options(ScalarType type, Device device) {
    return new TensorOptions(type).device(new DeviceOptional(device));
  }

  /**
   * A float32 tensor's own memory, with its capacity set; contiguous, and on the CPU if Java reads
   * it.
   */
  public static FloatPointer data(Tensor tensor) {
    return new FloatPointer(tensor.data_ptr()).capacity(tensor.numel());
  }

  /**
   * An int64 tensor's own memory, with its capacity set; contiguous, and on the CPU if Java reads
   * it.
   */
  public static LongPointer longData(Tensor tensor) {
    return new LongPointer(tensor.data_ptr()).capacity(tensor.numel());
  }

  /**
   * A uint8 tensor's own memory, with its capacity set; contiguous, and on the CPU if Java reads
   * it.
   */
  public static BytePointer byteData(Tensor tensor) {
    return new BytePointer(tensor.data_ptr()).capacity(tensor.numel());
  }

  private static DoublePointer doubleData(Tensor tensor) {
    return new DoublePointer(tensor.data_ptr()).capacity(tensor.numel());
  }

  private static Tensor empty(ScalarType type, long count, long... shape) {
    long product = 1;
    for (long size : shape) {
      product = Math.multiplyExact(product, size);
    }
    if (product != count) {
      throw new IllegalArgumentException(
          "shape " + Shapes.text(shape) + " holds " + product + " elements, got " + count);
    }
    return torch.empty(shape, options(type), null);
  }
}
