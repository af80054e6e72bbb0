package io.mvq.kernel;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;

/**
 * {@link NearestCode} in plain Java, for systems without a native library: the rules of {@code
 * mvq.h} and so the same bits, one thread, and the slower where the CPU has no fused multiply-add.
 */
final class PlainNearestCode {
  private PlainNearestCode() {}

  /** As the native kernel; {@code allowed}, {@code rowMask} and {@code distance} may be null. */
  static void search(
      FloatMatrix rows,
      FloatMatrix codes,
      MaskBits allowed,
      MaskBits rowMask,
      LongPointer index,
      FloatPointer distance) {
    long n = rows.rows();
    Checks.between("k", codes.rows(), 1, Integer.MAX_VALUE);
    try (Operands operands = new Operands()) {
      float[][] codebook = copy(operands.of(codes, "codes"), codes);
      FloatPointer values = operands.of(rows, "rows");
      LongPointer allowedWords = allowed == null ? null : operands.of(allowed, "allowed codes");
      LongPointer maskWords = rowMask == null ? null : operands.of(rowMask, "row mask");
      LongPointer indices = operands.hold(index, n, "index");
      FloatPointer distances = operands.optional(distance, n, "distance");
      float[] row = Memory.array(float[]::new, rows.width(), "a row");
      for (long i = 0; i < n; i++) {
        values.getPointer(i * rows.stride()).get(row);
        Nearest nearest =
            nearest(row, codebook, mask(allowed, allowedWords, i), mask(rowMask, maskWords, i));
        indices.put(i, nearest.index());
        if (distances != null) {
          distances.put(i, nearest.distance());
        }
      }
    }
  }

  private record Nearest(int index, float distance) {}

  private static Nearest nearest(float[] row, float[][] codes, long[] allowed, long[] kept) {
    int best = -1;
    float least = Float.POSITIVE_INFINITY;
    for (int k = 0; k < codes.length; k++) {
      if (!has(allowed, k)) {
        continue;
      }
      float sum = 0;
      for (int d = 0; d < row.length; d++) {
        if (has(kept, d)) {
          float difference = row[d] - codes[k][d];
          sum = Math.fma(difference, difference, sum);
        }
      }
      if (sum < least || (best < 0 && !Float.isNaN(sum))) {
        least = sum;
        best = k;
      }
    }
    return new Nearest(best, least);
  }

  private static boolean has(long[] mask, int bit) {
    return mask == null || (mask[bit / 64] >>> bit & 1) != 0;
  }

  /** Row i's mask; null for none. */
  private static long[] mask(MaskBits masks, LongPointer words, long row) {
    if (masks == null) {
      return null;
    }
    long[] mask = Memory.array(long[]::new, MaskBits.words(masks.bits()), "mask words");
    words.getPointer(row * Checks.stride(masks)).get(mask);
    return mask;
  }

  private static float[][] copy(FloatPointer values, FloatMatrix matrix) {
    float[][] copy = Memory.array(float[][]::new, matrix.rows(), "codes");
    for (int k = 0; k < copy.length; k++) {
      copy[k] = Memory.array(float[]::new, matrix.width(), "floats of a code");
      values.getPointer(k * matrix.stride()).get(copy[k]);
    }
    return copy;
  }
}
