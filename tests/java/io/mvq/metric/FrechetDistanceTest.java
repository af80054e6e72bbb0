package io.mvq.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.mvq.tensor.RandomState;
import io.mvq.tensor.Tensors;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FrechetDistanceTest {
  @BeforeEach
  void seed() {
    RandomState.seed(11);
  }

  @Test
  void momentsAreThoseOfAWorkedTable() {
    // Rows (1, 2), (3, 6), (5, 1): mean (3, 3), covariance ((4, -1), (-1, 7)).
    FeatureMoments moments = new FeatureMoments(2);
    moments.add(Tensors.of(new float[] {1, 2, 3, 6}, 2, 2));
    moments.add(Tensors.zeros(0, 2));
    moments.add(Tensors.of(new float[] {5, 1}, 1, 2));
    assertThat(moments.count()).isEqualTo(3);
    assertThat(Tensors.floats(moments.mean())).containsExactly(3, 3);
    assertThat(Tensors.floats(moments.covariance())).containsExactly(4, -1, -1, 7);
  }

  @Test
  void aLargeCommonOffsetCostsNoDigits() {
    Tensor rows = torch.randn(200, 5).to(ScalarType.Double);
    Tensor far = rows.add(new Scalar(5e4));
    Tensor apart = moments(rows, 64).covariance().sub(moments(far, 64).covariance());
    assertThat(apart.abs().max().item_double()).isLessThan(1e-6);
  }

  /** Of few images, whose covariance is singular, where a last bit would become 1e-8. */
  @Test
  void sumsHaveTheSameBitsHoweverVectorsAreSplit() {
    Tensor rows = torch.randn(50, 64).mul(new Scalar(300));
    FeatureMoments one = moments(rows, 50);
    MomentSums whole = one.sums();
    MomentSums parts = null;
    for (int from : new int[] {31, 0, 47}) { // in no order
      int to = from == 0 ? 31 : from == 31 ? 47 : 50;
      MomentSums part = moments(rows.narrow(0, from, to - from), 2).sums();
      parts = parts == null ? part : parts.plus(part);
    }
    assertThat(parts.count()).isEqualTo(50);
    assertThat(parts.sum()).isEqualTo(whole.sum());
    assertThat(parts.high()).isEqualTo(whole.high());
    assertThat(parts.middle()).isEqualTo(whole.middle());
    assertThat(parts.low()).isEqualTo(whole.low());
    FeatureMoments merged = new FeatureMoments(parts);
    FeatureMoments others = moments(torch.randn(40, 64), 9);
    assertThat(FrechetDistance.between(merged, others))
        .isEqualTo(FrechetDistance.between(one, others));
    MomentSums narrow = moments(Tensors.zeros(2, 2), 2).sums();
    assertThatThrownBy(() -> whole.plus(narrow))
        .hasMessage("both must have one width, got 64 and 2");
    assertThatThrownBy(() -> new MomentSums(2, new long[2], new long[4], new long[4], new long[3]))
        .hasMessage("products must be 2 x 2 as sum is 2, got 3");
  }

  @Test
  void momentsAreThoseOfALoopInDoublePrecision() {
    Tensor rows = torch.randn(5000, 3).mul(new Scalar(40)); // more than one sum's
    float[] values = Tensors.floats(rows);
    double[] covariance = Tensors.doubles(moments(rows, 5000).covariance());
    double[] mean = new double[3];
    for (int i = 0; i < values.length; i++) {
      mean[i % 3] += values[i] / 5000.0;
    }
    for (int a = 0; a < 3; a++) {
      for (int b = 0; b < 3; b++) {
        double sum = 0;
        for (int i = 0; i < 5000; i++) {
          sum += (values[3 * i + a] - mean[a]) * (values[3 * i + b] - mean[b]);
        }
        assertThat(covariance[3 * a + b]).isCloseTo(sum / 4999, within(1e-6));
      }
    }
  }

  @Test
  void equalSetsAreAtDistanceZero() {
    Tensor rows = torch.randn(300, 16);
    assertThat(FrechetDistance.between(moments(rows, 64), moments(rows, 7))).isBetween(0.0, 1e-9);
  }

  @Test
  void aShiftCostsItsSquaredLength() {
    Tensor rows = torch.randn(300, 16).to(ScalarType.Double);
    Tensor shifted = rows.add(new Scalar(0.5));
    assertThat(FrechetDistance.between(moments(rows, 64), moments(shifted, 64)))
        .isCloseTo(16 * 0.25, within(1e-9));
  }

  @Test
  void diagonalGaussiansHaveAClosedForm() {
    // sum over dimensions of (mean difference)^2 + (sigma1 - sigma2)^2
    Tensor a = torch.diag(Tensors.of(new float[] {1, 4, 9, 0}, 4));
    Tensor b = torch.diag(Tensors.of(new float[] {4, 1, 0, 0}, 4));
    Tensor meanA = Tensors.of(new float[] {0, 1, 2, 3}, 4);
    Tensor meanB = Tensors.of(new float[] {0, 1, 2, 5}, 4);
    assertThat(FrechetDistance.between(meanA, a, meanB, b)).isCloseTo(1 + 1 + 9 + 4, within(1e-12));
  }

  @Test
  void itAgreesWithEigenvaluesOfTheProduct() {
    Tensor a = torch.randn(100, 12).to(ScalarType.Double);
    Tensor b = torch.matmul(torch.randn(90, 12), torch.randn(12, 12)).to(ScalarType.Double);
    FeatureMoments first = moments(a, 33);
    FeatureMoments second = moments(b, 33);
    Tensor s1 = first.covariance();
    Tensor s2 = second.covariance();
    double shared =
        torch.real(torch.linalg_eigvals(torch.matmul(s1, s2))).sqrt().sum().item_double();
    double expected =
        first.mean().sub(second.mean()).square().sum().item_double()
            + torch.trace(s1).item_double()
            + torch.trace(s2).item_double()
            - 2 * shared;
    assertThat(FrechetDistance.between(first, second)).isCloseTo(expected, within(1e-8));
    assertThat(FrechetDistance.between(second, first)).isCloseTo(expected, within(1e-8));
  }

  @Test
  void fewerSamplesThanDimensionsGiveFiniteNumbers() {
    Tensor few = torch.randn(5, 64);
    assertThat(FrechetDistance.between(moments(few, 5), moments(few, 2))).isBetween(0.0, 1e-5);
    double apart = FrechetDistance.between(moments(few, 5), moments(torch.randn(4, 64), 4));
    assertThat(apart).isFinite().isGreaterThan(10);
    Tensor constant = Tensors.zeros(8, 64);
    assertThat(FrechetDistance.between(moments(constant, 8), moments(constant, 8))).isZero();
  }

  @Test
  void uglyFeaturesAreRefused() {
    FeatureMoments moments = new FeatureMoments(2);
    moments.add(Tensors.zeros(1, 2));
    assertThatThrownBy(moments::covariance)
        .hasMessage("a covariance needs at least 2 feature vectors, got 1");
    assertThatThrownBy(() -> FrechetDistance.between(moments, moments))
        .hasMessage(
            "a must hold at least 2 images for a Frechet distance, got 1; take 2000 or more");
    assertThatThrownBy(() -> moments.add(Tensors.of(new float[] {0, Float.NaN}, 1, 2)))
        .hasMessage(
            "features must be finite, got NaN or infinity among rows 1 to 1; has the model"
                + " diverged?");
    assertThatThrownBy(() -> moments.add(Tensors.of(new float[] {0, -65536}, 1, 2)))
        .hasMessage(
            "features must be below 65536 in size, got 65536.0 among rows 1 to 1; scale them");
    assertThatThrownBy(() -> moments.add(Tensors.zeros(1, 3)))
        .hasMessage("features must have shape (any, 2), got (1, 3)");
    assertThat(moments.count()).isEqualTo(1);
    assertThatThrownBy(() -> new FeatureMoments(0)).hasMessage("width must be at least 1, got 0");
    assertThatThrownBy(
            () ->
                FrechetDistance.between(
                    Tensors.zeros(2), torch.eye(2), Tensors.zeros(3), torch.eye(3)))
        .hasMessage("meanB must have shape (2), got (3)");
  }

  private static FeatureMoments moments(Tensor rows, int batch) {
    FeatureMoments moments = new FeatureMoments((int) rows.size(1));
    for (long from = 0; from < rows.size(0); from += batch) {
      moments.add(rows.narrow(0, from, Math.min(batch, rows.size(0) - from)));
    }
    return moments;
  }
}
