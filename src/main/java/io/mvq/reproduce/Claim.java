package io.mvq.reproduce;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * A claim of the paper, checked.
 *
 * @param claim what is said
 * @param dataset it was checked on; null for speed
 * @param tokens an image, of MVQ
 * @param features the network that made a distance's features; null for speed
 * @param codes K, of both; null for speed
 * @param baseline whom it was held against
 * @param losses of the baseline: {@code same} as ours or as {@code published}; null for speed
 * @param look the network that ours was trained against; null for none and for speed
 * @param reduction of the Frechet distance of samples, in percent, mean over seeds; null where the
 *     claim is of another kind
 * @param spread least and most of the seeds' reductions
 * @param speedup the baseline's time over ours; null where the claim is of another kind
 * @param seeds what the mean is over
 * @param verdict {@code reproduced} or {@code not reproduced}
 * @param detail the numbers behind it in words
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Claim(
    String claim,
    String dataset,
    int tokens,
    String features,
    Integer codes,
    String baseline,
    String losses,
    String look,
    Double reduction,
    List<Double> spread,
    Double speedup,
    List<Long> seeds,
    String verdict,
    String detail) {
  /** The words for whether it holds. */
  static String verdict(boolean holds) {
    return holds ? "reproduced" : "not reproduced";
  }

  /** Percent by which {@code ours} is lower. */
  static double reduction(double ours, double baseline) {
    return 100 * (1 - ours / baseline);
  }
}
