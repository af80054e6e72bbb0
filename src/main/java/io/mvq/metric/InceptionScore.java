package io.mvq.metric;

import java.util.Locale;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The Inception score, Salimans et al., arXiv 1606.03498, section 4: exp of the mean over images of
 * KL(p(class | image) || p(class)). 1 (all images look alike or of no class) to the number of
 * classes; higher is better. It never sees a real image. It bears its name only with the
 * probabilities of the FID Inception.
 *
 * @param value the mean over splits
 * @param deviation the standard deviation over the splits, divided by their count
 */
public record InceptionScore(double value, double deviation) {
  /** The paper's number of splits. */
  public static final int SPLITS = 10;

  private static final double TOLERANCE = 1e-3;

  /** With the paper's 10 splits. */
  public static InceptionScore of(Tensor probabilities) {
    return of(probabilities, SPLITS);
  }

  /**
   * @param probabilities (n, classes), each row 0 or more and adding up to 1, in random order
   * @param splits runs of rows, equal but for rounding, each with a score of its own: 1 to n
   */
  public static InceptionScore of(Tensor probabilities, int splits) {
    if (splits < 1) {
      throw new IllegalArgumentException("splits must be at least 1, got " + splits);
    }
    FeatureRows.check(probabilities, "probabilities", splits, splits + " splits");
    try (PointerScope scope = new PointerScope()) {
      Tensor rows = probabilities.detach().cpu().to(ScalarType.Double);
      check(rows);
      long n = rows.size(0);
      double[] scores = new double[splits];
      double mean = 0;
      for (int i = 0; i < splits; i++) {
        long from = i * n / splits;
        scores[i] = score(rows.narrow(0, from, (i + 1) * n / splits - from));
        mean += scores[i] / splits;
      }
      double variance = 0;
      for (double score : scores) {
        variance += (score - mean) * (score - mean) / splits;
      }
      return new InceptionScore(mean, Math.sqrt(variance));
    }
  }

  private static double score(Tensor rows) {
    Tensor marginal = rows.mean(0);
    // xlogy takes 0 log 0 as 0.
    Tensor divergence = torch.xlogy(rows, rows).sub(torch.xlogy(rows, marginal)).sum(1);
    return Math.exp(divergence.mean().item_double());
  }

  private static void check(Tensor rows) {
    double least = rows.min().item_double();
    double off = rows.sum(1).sub(new Scalar(1.0)).abs().max().item_double();
    if (least < 0 || off > TOLERANCE) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "probabilities must be 0 or more and each row add up to 1, got a least one of %.3g"
                  + " and a sum off by %.3g; are they logits? take softmax(1)",
              least,
              off));
    }
  }
}
