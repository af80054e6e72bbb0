package io.mvq.kernel;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;

/**
 * The nearest code of each row, in native memory.
 *
 * @param index (n) code, or -1 where no code is allowed or every distance is NaN
 * @param distance (n) squared Euclidean distance, {@code +inf} where the index is -1
 */
public record Assignment(LongPointer index, FloatPointer distance) {
  static Assignment allocate(long n) {
    return new Assignment(new LongPointer(n), new FloatPointer(n));
  }

  /** The indices as an array. */
  public long[] indices() {
    return longs(index);
  }

  /** The distances as an array. */
  public float[] distances() {
    float[] values = new float[Math.toIntExact(distance.limit())];
    distance.get(values);
    return values;
  }

  static long[] longs(LongPointer pointer) {
    long[] values = new long[Math.toIntExact(pointer.limit())];
    pointer.get(values);
    return values;
  }
}
