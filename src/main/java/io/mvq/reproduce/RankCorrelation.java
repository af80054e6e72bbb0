package io.mvq.reproduce;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/** Spearman's rank correlation of a map's keys and values; equal values share their mean rank. */
final class RankCorrelation {
  private RankCorrelation() {}

  /** In -1..1; 0 where all values are equal. @param points at least 2 */
  static double of(SortedMap<Integer, Double> points) {
    if (points.size() < 2) {
      throw new IllegalArgumentException(
          "a rank correlation needs at least 2 points, got " + points.size());
    }
    List<Double> values = new ArrayList<>(points.values());
    int n = values.size();
    double middle = (n - 1) / 2.0;
    double together = 0;
    double keySpread = 0;
    double valueSpread = 0;
    for (int i = 0; i < n; i++) {
      double x = i - middle;
      double y = rank(values, values.get(i)) - middle;
      together += x * y;
      keySpread += x * x;
      valueSpread += y * y;
    }
    return valueSpread == 0 ? 0 : together / Math.sqrt(keySpread * valueSpread);
  }

  private static double rank(List<Double> values, double value) {
    long below = values.stream().filter(other -> other < value).count();
    long equal = values.stream().filter(other -> other == value).count();
    return below + (equal - 1) / 2.0;
  }
}
