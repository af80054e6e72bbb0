package io.mvq.kernel;

import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;

/**
 * A view of a float32 matrix in native memory, row major: the rows or the codes of a search.
 *
 * @param data the first element; closed memory is refused, and a close during a call waits for its
 *     end; what JavaCPP did not allocate (a tensor) must outlive the call
 * @param rows number of rows, at least 0
 * @param width floats a row, at least 1
 * @param stride elements from row to row, at least {@code width}
 */
public record FloatMatrix(FloatPointer data, long rows, long width, long stride) {
  private static final int CACHE_LINE = 64;

  public FloatMatrix {
    Checks.atLeast("width", width, 1);
    Checks.atLeast("rows", rows, 0);
    if (stride < width) {
      throw new IllegalArgumentException(
          "stride must be at least width (" + width + "), got " + stride);
    }
    if (rows > 0) {
      // Whole rows where less would do: an overflow is one either way.
      Checks.product(rows, stride, "rows * stride");
    }
    Checks.capacity(data, elements(rows, width, stride), "matrix");
    Operands.own(data);
  }

  /** From the first to the last. */
  long elements() {
    return elements(rows, width, stride);
  }

  private static long elements(long rows, long width, long stride) {
    return rows == 0 ? 0 : (rows - 1) * stride + width;
  }

  /** A dense view of {@code data}. */
  public static FloatMatrix of(FloatPointer data, long rows, long width) {
    return new FloatMatrix(data, rows, width, width);
  }

  /** A copy of {@code values}, whose length must be a multiple of {@code width}. */
  public static FloatMatrix of(float[] values, int width) {
    long rows = rows(Checks.given(values, "values").length, width);
    FloatPointer data = Memory.floats(values.length + (long) CACHE_LINE / Float.BYTES, "values");
    // On a cache line's border no vector is loaded from two lines.
    data.position((-data.address() & (CACHE_LINE - 1)) / Float.BYTES).put(values);
    return of(data, rows, width);
  }

  /** A copy of the equally long {@code rows}, of which there must be at least one. */
  public static FloatMatrix of(float[][] rows) {
    Checks.given(rows, "rows");
    if (rows.length == 0) {
      throw new IllegalArgumentException("rows must hold at least one row, got 0");
    }
    int width = Checks.given(rows[0], "row 0").length;
    float[] values = Memory.array(float[]::new, (long) rows.length * width, "floats");
    for (int i = 0; i < rows.length; i++) {
      if (Checks.given(rows[i], "row " + i).length != width) {
        throw new IllegalArgumentException(
            "row " + i + " must have " + width + " floats like row 0, got " + rows[i].length);
      }
      System.arraycopy(rows[i], 0, values, i * width, width);
    }
    return of(values, width);
  }

  /** A view of a direct buffer's remaining floats, not copied. */
  public static FloatMatrix of(FloatBuffer direct, int width) {
    if (!Checks.given(direct, "buffer").isDirect()) {
      throw new IllegalArgumentException(
          "buffer must be direct, got a heap buffer; pass its array instead");
    }
    if (direct.order() != ByteOrder.nativeOrder()) {
      throw new IllegalArgumentException(
          "buffer must be in native order ("
              + ByteOrder.nativeOrder()
              + "), got "
              + direct.order()
              + "; order(ByteOrder.nativeOrder()) before asFloatBuffer()");
    }
    Backend.load();
    // JavaCPP counts a buffer's pointer from its position but keeps the capacity of the whole.
    FloatPointer data = new FloatPointer(direct.slice());
    return of(data, rows(direct.remaining(), width), width);
  }

  private static long rows(int length, int width) {
    Checks.atLeast("width", width, 1);
    if (length % width != 0) {
      throw new IllegalArgumentException(
          "the number of floats must be a multiple of width (" + width + "), got " + length);
    }
    return length / width;
  }
}
