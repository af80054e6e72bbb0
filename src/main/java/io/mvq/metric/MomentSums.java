package io.mvq.metric;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Locale;

/**
 * What {@link FeatureMoments} gathered, without LibTorch: parts of a set, summed in different
 * places, are merged into the whole's.
 *
 * @param count feature vectors, 0 or more
 * @param mean (d) of them; zeros of none
 * @param products (d, d), row major: the sum of (x - mean)(x - mean)^T
 */
public record MomentSums(long count, double[] mean, double[] products) implements Serializable {
  private static final long serialVersionUID = 1;

  /** Keeps the arrays, which nobody changes. */
  public MomentSums {
    if (count < 0) {
      throw new IllegalArgumentException("count must be at least 0, got " + count);
    }
    if (mean.length < 1 || (long) mean.length * mean.length != products.length) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "products must be %d x %d as mean is %d, got %d",
              mean.length,
              mean.length,
              mean.length,
              products.length));
    }
  }

  /** Of no vectors. @param width floats a vector */
  public static MomentSums none(int width) {
    return new MomentSums(0, new double[width], new double[Math.multiplyExact(width, width)]);
  }

  /** Floats a vector. */
  public int width() {
    return mean.length;
  }

  /**
   * Of these vectors and then others: Chan, Golub and LeVeque, "Updating Formulae and a Pairwise
   * Algorithm for Computing Sample Variances", 1979, equation 2.1. The last bits depend on the
   * order.
   */
  public MomentSums plus(MomentSums others) {
    if (others.width() != width()) {
      throw new IllegalArgumentException(
          "both must have one width, got " + width() + " and " + others.width());
    }
    if (count == 0 || others.count == 0) {
      return count == 0 ? others : this;
    }
    long all = count + others.count;
    double share = (double) others.count / all;
    double weight = count * share;
    int d = width();
    double[] apart = new double[d];
    Arrays.setAll(apart, i -> others.mean[i] - mean[i]);
    double[] middle = new double[d];
    Arrays.setAll(middle, i -> mean[i] + share * apart[i]);
    double[] sums = new double[products.length];
    for (int i = 0; i < d; i++) {
      for (int j = 0; j < d; j++) {
        int at = i * d + j;
        sums[at] = products[at] + others.products[at] + weight * apart[i] * apart[j];
      }
    }
    return new MomentSums(all, middle, sums);
  }
}
