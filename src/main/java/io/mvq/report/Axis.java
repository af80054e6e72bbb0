package io.mvq.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** From the lowest to the highest of some numbers. */
record Axis(double low, double high, boolean log) {
  /** Of numbers, of which one is finite; logarithmic only where all are above 0. */
  static Axis of(List<double[]> numbers, boolean log) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (double value : numbers.stream().flatMapToDouble(Arrays::stream).toArray()) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    boolean logarithmic = log && low > 0;
    if (low == high) {
      double room = Math.max(1e-9, Math.abs(low) / 2);
      return new Axis(low - room, high + room, logarithmic);
    }
    return new Axis(low, high, logarithmic);
  }

  /** Where a number lies, 0..1. */
  double share(double value) {
    return log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  }

  /** At most about so many round numbers between. */
  List<Double> ticks(int most) {
    List<Double> ticks = new ArrayList<>();
    if (log && high / low >= 3) {
      double[] heads = high / low < 50 ? new double[] {1, 2, 5} : new double[] {1};
      for (int e = (int) Math.floor(Math.log10(low)); e <= Math.log10(high); e++) {
        for (double head : heads) {
          double tick = Double.parseDouble(head + "e" + e);
          if (tick >= low && tick <= high) {
            ticks.add(tick);
          }
        }
      }
      return ticks;
    }
    double rough = (high - low) / most;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double step =
        power * (rough <= power ? 1 : rough <= 2 * power ? 2 : rough <= 5 * power ? 5 : 10);
    for (long i = (long) Math.ceil(low / step); i * step <= high * (1 + 1e-12); i++) {
      ticks.add(i * step);
    }
    return ticks;
  }

  /** A number in few digits. */
  static String text(double value) {
    double size = Math.abs(value);
    if (value != 0 && (size < 1e-3 || size >= 1e7)) {
      return String.format(Locale.ROOT, "%.1e", value);
    }
    String text = String.format(Locale.ROOT, size >= 1000 ? "%.0f" : "%.4g", value);
    return text.contains(".") ? text.replaceAll("0+$", "").replaceAll("\\.$", "") : text;
  }
}
