package io.mvq.quantize;

/**
 * How a codebook was used.
 *
 * @param rows rows counted
 * @param used share of the codes that were used at all, 0..1
 * @param perplexity exp of the usage entropy in nats, 1..k; 0 when nothing was counted
 */
public record CodebookUsage(long rows, double used, double perplexity) {
  /** Usage by count of each code. */
  public static CodebookUsage of(long[] counts) {
    long rows = 0;
    long used = 0;
    for (long count : counts) {
      if (count < 0) {
        throw new IllegalArgumentException("counts must be at least 0, got " + count);
      }
      rows += count;
      used += count > 0 ? 1 : 0;
    }
    double entropy = 0;
    for (long count : counts) {
      if (count > 0) {
        double share = (double) count / rows;
        entropy -= share * Math.log(share);
      }
    }
    return new CodebookUsage(
        rows,
        counts.length == 0 ? 0 : (double) used / counts.length,
        rows == 0 ? 0 : Math.exp(entropy));
  }

  /** Usage by the indices chosen from k codes; -1 is left out. */
  public static CodebookUsage of(long[] indices, int k) {
    long[] counts = new long[k];
    for (long index : indices) {
      if (index >= 0) {
        counts[Math.toIntExact(index)]++;
      }
    }
    return of(counts);
  }
}
