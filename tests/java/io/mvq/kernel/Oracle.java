package io.mvq.kernel;

import java.util.Random;
import java.util.function.IntPredicate;
import java.util.function.Supplier;

/** Double-precision loops that the kernels are held against. */
final class Oracle {
  private Oracle() {}

  /** Squared distance over the kept dimensions. */
  static double distance(float[] row, float[] code, IntPredicate kept) {
    double sum = 0;
    for (int i = 0; i < row.length; i++) {
      double difference = kept.test(i) ? (double) row[i] - code[i] : 0;
      sum += difference * difference;
    }
    return sum;
  }

  /** Small integers, on which float32 arithmetic is exact. */
  static float[][] integers(Random random, int rows, int width) {
    return matrix(rows, width, () -> random.nextInt(7) - 3);
  }

  static float[][] gaussians(Random random, int rows, int width) {
    return matrix(rows, width, () -> (float) random.nextGaussian());
  }

  private static float[][] matrix(int rows, int width, Supplier<Number> value) {
    float[][] matrix = new float[rows][width];
    for (float[] row : matrix) {
      for (int i = 0; i < width; i++) {
        row[i] = value.get().floatValue();
      }
    }
    return matrix;
  }
}
