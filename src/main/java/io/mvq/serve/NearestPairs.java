package io.mvq.serve;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** Which vectors lie nearest to each other. */
final class NearestPairs {
  private static final int MOST = 12;

  private NearestPairs() {}

  /** Two of them, a below b, and their Euclidean distance. */
  record Pair(int a, int b, double distance) {}

  /** The nearest pairs, at most 12, the nearest first. */
  static List<Pair> of(float[][] vectors) {
    Comparator<Pair> nearer = Comparator.comparingDouble(Pair::distance);
    PriorityQueue<Pair> best = new PriorityQueue<>(nearer.reversed());
    for (int a = 0; a < vectors.length; a++) {
      for (int b = a + 1; b < vectors.length; b++) {
        double squares = squares(vectors[a], vectors[b]);
        if (best.size() < MOST || squares < best.peek().distance()) {
          best.add(new Pair(a, b, squares));
          if (best.size() > MOST) {
            best.remove();
          }
        }
      }
    }
    List<Pair> pairs = new ArrayList<>();
    best.forEach(pair -> pairs.add(new Pair(pair.a(), pair.b(), Math.sqrt(pair.distance()))));
    pairs.sort(nearer.thenComparingInt(Pair::a).thenComparingInt(Pair::b));
    return pairs;
  }

  private static double squares(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      double apart = (double) a[i] - b[i];
      sum += apart * apart;
    }
    return sum;
  }
}
