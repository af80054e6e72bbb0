package io.mvq.kernel;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;

/**
 * The nearest code of each row, in native memory.
 *
 * @param index (n) code, or -1 where no code is allowed or every distance is NaN
 * @param distance (n) squared Euclidean distance, {@code +inf} where the index is -1; null if it
 *     was not asked for
 */
public record Assignment(LongPointer index, FloatPointer distance) {
  public Assignment {
    Operands.own(Checks.given(index, "index"));
    Operands.own(distance);
  }

  static Assignment allocate(long n) {
    return new Assignment(Memory.longs(n, "index"), Memory.floats(n, "distance"));
  }

  /** The indices as an array. */
  public long[] indices() {
    return longs(index, "index");
  }

  /** The distances as an array. */
  public float[] distances() {
    return floats(distance, "distance");
  }

  static long[] longs(LongPointer pointer, String name) {
    long elements = Checks.given(pointer, name).limit() - pointer.position();
    long[] values = Memory.array(long[]::new, elements, name);
    try (Operands operands = new Operands()) {
      if (values.length > 0) {
        operands.owned(pointer, values.length, name).get(values);
      }
    }
    return values;
  }

  static float[] floats(FloatPointer pointer, String name) {
    long elements = Checks.given(pointer, name).limit() - pointer.position();
    float[] values = Memory.array(float[]::new, elements, name);
    try (Operands operands = new Operands()) {
      if (values.length > 0) {
        operands.owned(pointer, values.length, name).get(values);
      }
    }
    return values;
  }
}
