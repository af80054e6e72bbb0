package io.mvq.metric;

import io.mvq.tensor.Shapes;
import java.util.SplittableRandom;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The kernel distance (KID on the FID Inception's features), Binkowski et al., arXiv 1801.01401,
 * section 4: the squared maximum mean discrepancy with the kernel k(x, y) = (x.y / d + 1)^3. Its
 * estimate is unbiased, so few images do, and it may be a little below 0 for like sets.
 *
 * @param value the mean over random subsets; lower is better
 * @param deviation the standard deviation over the subsets, divided by their count
 */
public record KernelDistance(double value, double deviation) {
  /** How many subsets are usual. */
  public static final int SUBSETS = 100;

  /** How many images a subset usually has. */
  public static final int SUBSET_SIZE = 1000;

  /** With 100 subsets of 1000 images of either set. */
  public static KernelDistance of(Tensor real, Tensor generated, long seed) {
    return of(real, generated, SUBSETS, SUBSET_SIZE, seed);
  }

  /**
   * @param real (n, d)
   * @param generated (m, d)
   * @param subsets at least 1
   * @param size images of a subset of either set, drawn without repetition: 2 to n and m
   */
  public static KernelDistance of(Tensor real, Tensor generated, int subsets, int size, long seed) {
    if (subsets < 1 || size < 2) {
      throw new IllegalArgumentException(
          "subsets must be at least 1 and size at least 2, got " + subsets + " and " + size);
    }
    check(real, generated, size, "subsets of " + size);
    SplittableRandom random = new SplittableRandom(seed);
    double sum = 0;
    double squares = 0;
    try (PointerScope scope = new PointerScope()) {
      Tensor a = real.detach().cpu().to(ScalarType.Double);
      Tensor b = generated.detach().cpu().to(ScalarType.Double);
      double first = 0;
      for (int i = 0; i < subsets; i++) {
        try (PointerScope subset = new PointerScope()) {
          double one =
              unbiased(FeatureRows.drawn(a, size, random), FeatureRows.drawn(b, size, random));
          // About the first one, so that a common offset does not cancel the digits.
          first = i == 0 ? one : first;
          sum += one - first;
          squares += (one - first) * (one - first);
        }
      }
      double mean = sum / subsets;
      double variance = Math.max(0, squares / subsets - mean * mean);
      return new KernelDistance(first + mean, Math.sqrt(variance));
    }
  }

  /** The unbiased estimate from all rows, equation 4. @param a (n, d) @param b (m, d) */
  public static double between(Tensor a, Tensor b) {
    check(a, b, 2, "a kernel distance");
    try (PointerScope scope = new PointerScope()) {
      return unbiased(
          a.detach().cpu().to(ScalarType.Double), b.detach().cpu().to(ScalarType.Double));
    }
  }

  private static void check(Tensor a, Tensor b, int least, String purpose) {
    FeatureRows.check(a, "real", least, purpose);
    Shapes.require(b, "generated", Shapes.ANY, a.size(1));
    FeatureRows.check(b, "generated", least, purpose);
  }

  private static double unbiased(Tensor a, Tensor b) {
    return others(a) + others(b) - 2 * kernel(a, b).mean().item_double();
  }

  /** The mean of the kernel over pairs of different rows. */
  private static double others(Tensor rows) {
    double n = rows.size(0);
    Tensor kernel = kernel(rows, rows);
    return (kernel.sum().item_double() - torch.trace(kernel).item_double()) / (n * (n - 1));
  }

  private static Tensor kernel(Tensor a, Tensor b) {
    Tensor base = torch.matmul(a, b.t()).div(new Scalar((double) a.size(1)));
    return base.add(new Scalar(1.0)).pow(new Scalar(3L));
  }
}
