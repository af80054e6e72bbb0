package io.mvq.kernel;

import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;

/**
 * A view of a float32 matrix in native memory, row major: the rows or the codes of a search.
 *
 * @param data the first element; the memory must outlive the call it is used in
 * @param rows number of rows, at least 0
 * @param width floats a row, at least 1
 * @param stride elements from row to row, at least {@code width}
 */
public record FloatMatrix(FloatPointer data, long rows, long width, long stride) {
  private static final int CACHE_LINE = 64;

  public FloatMatrix {
    if (width < 1) {
      throw new IllegalArgumentException("width must be at least 1, got " + width);
    }
    if (rows < 0) {
      throw new IllegalArgumentException("rows must be at least 0, got " + rows);
    }
    if (stride < width) {
      throw new IllegalArgumentException(
          "stride must be at least width (" + width + "), got " + stride);
    }
    long needed = rows == 0 ? 0 : Math.addExact(Math.multiplyExact(rows - 1, stride), width);
    Native.requireCapacity(data, needed, "matrix");
  }

  /** A dense view of {@code data}. */
  public static FloatMatrix of(FloatPointer data, long rows, long width) {
    return new FloatMatrix(data, rows, width, width);
  }

  /** A copy of {@code values}, whose length must be a multiple of {@code width}. */
  public static FloatMatrix of(float[] values, int width) {
    Backend.load(); // JavaCPP's own allocation lives in our library too.
    FloatPointer data = new FloatPointer(values.length + CACHE_LINE / Float.BYTES);
    // On a cache line's border no vector is loaded from two lines.
    data.position((-data.address() & (CACHE_LINE - 1)) / Float.BYTES).put(values);
    return of(data, rows(values.length, width), width);
  }

  /** A copy of the equally long {@code rows}, of which there must be at least one. */
  public static FloatMatrix of(float[][] rows) {
    if (rows.length == 0) {
      throw new IllegalArgumentException("rows must hold at least one row, got 0");
    }
    float[] values = new float[Math.multiplyExact(rows.length, rows[0].length)];
    for (int i = 0; i < rows.length; i++) {
      if (rows[i].length != rows[0].length) {
        throw new IllegalArgumentException(
            "row "
                + i
                + " must have "
                + rows[0].length
                + " floats like row 0, got "
                + rows[i].length);
      }
      System.arraycopy(rows[i], 0, values, i * rows[0].length, rows[0].length);
    }
    return of(values, rows[0].length);
  }

  /** A view of a direct buffer's remaining floats, not copied. */
  public static FloatMatrix of(FloatBuffer direct, int width) {
    if (!direct.isDirect()) {
      throw new IllegalArgumentException(
          "buffer must be direct, got a heap buffer; pass its array instead");
    }
    Backend.load();
    // JavaCPP counts a buffer's pointer from its position but keeps the capacity of the whole.
    FloatPointer data = new FloatPointer(direct.slice());
    return of(data, rows(direct.remaining(), width), width);
  }

  private static long rows(int length, int width) {
    if (width < 1) {
      throw new IllegalArgumentException("width must be at least 1, got " + width);
    }
    if (length % width != 0) {
      throw new IllegalArgumentException(
          "the number of floats must be a multiple of width (" + width + "), got " + length);
    }
    return length / width;
  }
}
