package io.mvq.metric;

import io.mvq.tensor.Shapes;
import java.util.Locale;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The squared Frechet (2-Wasserstein) distance of two Gaussians fitted to features, as in Heusel et
 * al., "GANs Trained by a Two Time-Scale Update Rule", arXiv 1706.08500, equation 6:
 *
 * <p>|m1 - m2|^2 + tr(S1) + tr(S2) - 2 tr((S1^(1/2) S2 S1^(1/2))^(1/2)).
 *
 * <p>The symmetric form needs only eigenvalues of symmetric matrices, so no complex numbers can
 * come up, whatever the rank. Lower is better; 0 or more. It is biased upwards by few samples:
 * compare only distances made from equal counts.
 */
public final class FrechetDistance {
  private FrechetDistance() {}

  /** From fewer images than this the bias is larger than what models usually differ by. */
  public static final int RECOMMENDED_IMAGES = 2000;

  /** The distance of two sets of features, of 2 images or more each. */
  public static double between(FeatureMoments a, FeatureMoments b) {
    requireTwo(a, "a");
    requireTwo(b, "b");
    try (PointerScope scope = new PointerScope()) {
      return between(a.mean(), a.covariance(), b.mean(), b.covariance());
    }
  }

  /**
   * The distance of two Gaussians.
   *
   * @param meanA (d)
   * @param covarianceA (d, d), symmetric
   * @param meanB (d)
   * @param covarianceB (d, d), symmetric
   */
  public static double between(Tensor meanA, Tensor covarianceA, Tensor meanB, Tensor covarianceB) {
    long d = Shapes.of(meanA, "meanA")[0];
    Shapes.require(meanB, "meanB", d);
    Shapes.require(covarianceA, "covarianceA", d, d);
    Shapes.require(covarianceB, "covarianceB", d, d);
    try (PointerScope scope = new PointerScope()) {
      Tensor s1 = covarianceA.to(ScalarType.Double);
      Tensor s2 = covarianceB.to(ScalarType.Double);
      Tensor apart = meanA.to(ScalarType.Double).sub(meanB.to(ScalarType.Double));
      Tensor root = squareRoot(s1);
      Tensor product = torch.matmul(torch.matmul(root, s2), root);
      // Rounding leaves the product a little unsymmetric and its zero eigenvalues a little
      // negative.
      Tensor symmetric = product.add(product.t()).mul(new Scalar(0.5));
      double shared = clipped(torch.linalg_eigvalsh(symmetric)).sqrt().sum().item_double();
      double distance =
          apart.square().sum().item_double()
              + torch.trace(s1).item_double()
              + torch.trace(s2).item_double()
              - 2 * shared;
      if (!Double.isFinite(distance)) {
        throw new IllegalArgumentException(
            "means and covariances must be finite, got a distance of " + distance);
      }
      return Math.max(0, distance);
    }
  }

  private static void requireTwo(FeatureMoments moments, String name) {
    if (moments.count() < 2) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s must hold at least 2 images for a Frechet distance, got %d; take %d or more",
              name,
              moments.count(),
              RECOMMENDED_IMAGES));
    }
  }

  private static Tensor squareRoot(Tensor symmetric) {
    T_TensorTensor_T eigen = torch.linalg_eigh(symmetric);
    Tensor vectors = eigen.get1();
    return torch.matmul(vectors.mul(clipped(eigen.get0()).sqrt()), vectors.t());
  }

  private static Tensor clipped(Tensor values) {
    return torch.relu(values);
  }
}
