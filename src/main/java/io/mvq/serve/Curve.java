package io.mvq.serve;

import com.fasterxml.jackson.databind.node.ArrayNode;

/**
 * One logged value over the steps. However long a run is, at most 4096 points are held: before
 * there would be more, each two neighbours become one, their mean at the step of the later.
 */
final class Curve {
  private static final int MOST = 4096;

  private final long[] steps = new long[MOST];
  private final double[] values = new double[MOST];
  private int size;
  private int width = 1; // values a point
  private int last; // values in the last point

  /** Adds a value. One that is not finite, or of a step before the last, is left out. */
  void add(long step, double value) {
    if (!Double.isFinite(value) || size > 0 && step < steps[size - 1]) {
      return;
    }
    if (size > 0 && last < width) {
      values[size - 1] += (value - values[size - 1]) / ++last;
      steps[size - 1] = step;
      return;
    }
    if (size == MOST) {
      halve();
    }
    steps[size] = step;
    values[size++] = value;
    last = 1;
  }

  private void halve() {
    for (int i = 0; i < MOST / 2; i++) {
      steps[i] = steps[2 * i + 1];
      values[i] = (values[2 * i] + values[2 * i + 1]) / 2;
    }
    size = MOST / 2;
    width *= 2;
  }

  /** Adds pairs of step and value from a step on, at most so many; means where there are more. */
  void from(long since, int most, ArrayNode pairs) {
    int first = 0;
    while (first < size && steps[first] < since) {
      first++;
    }
    int each = Math.max(1, (size - first + most - 1) / most);
    for (int i = first; i < size; i += each) {
      int end = Math.min(size, i + each);
      double sum = 0;
      for (int k = i; k < end; k++) {
        sum += values[k];
      }
      pairs.addArray().add(steps[end - 1]).add(sum / (end - i));
    }
  }
}
