package io.mvq.metric;

import java.io.Serializable;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Locale;

/**
 * What {@link FeatureMoments} gathered, without LibTorch: parts of a set that were summed in
 * different places are added up to those of the whole, exactly, in any order.
 *
 * <p>With F the features in whole numbers of 2^-24, each h * 2^20 + l with the smallest l:
 *
 * @param count feature vectors, 0 or more
 * @param sum (d) of F
 * @param high (d, d), row major: the sum of h h^T
 * @param middle (d, d), of h l^T + l h^T
 * @param low (d, d), of l l^T
 */
public record MomentSums(long count, long[] sum, long[] high, long[] middle, long[] low)
    implements Serializable {
  private static final long serialVersionUID = 1;

  /** Bits after the point. */
  static final int FRACTION = 24;

  /** Of l. */
  static final int HALF_BITS = 20;

  /** Keeps the arrays, which nobody changes. */
  public MomentSums {
    if (count < 0 || count > FeatureMoments.MOST_VECTORS) {
      throw new IllegalArgumentException(
          "count must be 0 to " + FeatureMoments.MOST_VECTORS + ", got " + count);
    }
    long wanted = (long) sum.length * sum.length;
    for (long[] products : new long[][] {high, middle, low}) {
      if (sum.length < 1 || products.length != wanted) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "products must be %d x %d as sum is %d, got %d",
                sum.length,
                sum.length,
                sum.length,
                products.length));
      }
    }
  }

  /** Floats a vector. */
  public int width() {
    return sum.length;
  }

  /** Of these vectors and others. */
  public MomentSums plus(MomentSums others) {
    if (others.width() != width()) {
      throw new IllegalArgumentException(
          "both must have one width, got " + width() + " and " + others.width());
    }
    return new MomentSums(
        count + others.count,
        added(sum, others.sum),
        added(high, others.high),
        added(middle, others.middle),
        added(low, others.low));
  }

  private static long[] added(long[] a, long[] b) {
    long[] both = new long[a.length];
    Arrays.setAll(both, i -> a[i] + b[i]);
    return both;
  }

  /** (d); of at least 1 vector. */
  double[] mean() {
    double[] mean = new double[width()];
    Arrays.setAll(mean, i -> Math.scalb(sum[i] / (double) count, -FRACTION));
    return mean;
  }

  /** (d, d), divided by count - 1, rounded once; of at least 2 vectors. */
  double[] covariance() {
    int d = width();
    BigInteger n = BigInteger.valueOf(count);
    BigInteger[] sums = Arrays.stream(sum).mapToObj(BigInteger::valueOf).toArray(BigInteger[]::new);
    double divisor = (double) count * (count - 1);
    double[] covariance = new double[d * d];
    for (int i = 0; i < d; i++) {
      for (int j = i; j < d; j++) {
        BigInteger apart = product(i * d + j).multiply(n).subtract(sums[i].multiply(sums[j]));
        covariance[i * d + j] = Math.scalb(apart.doubleValue() / divisor, -2 * FRACTION);
        covariance[j * d + i] = covariance[i * d + j];
      }
    }
    return covariance;
  }

  /** The sum of F F^T at a place. */
  private BigInteger product(int at) {
    return BigInteger.valueOf(high[at])
        .shiftLeft(HALF_BITS)
        .add(BigInteger.valueOf(middle[at]))
        .shiftLeft(HALF_BITS)
        .add(BigInteger.valueOf(low[at]));
  }
}
