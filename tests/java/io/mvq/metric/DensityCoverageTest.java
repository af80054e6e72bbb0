package io.mvq.metric;

import static io.mvq.metric.Rows.line;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.mvq.tensor.RandomState;
import io.mvq.tensor.Tensors;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class DensityCoverageTest {
  @Test
  void aWorkedLine() {
    // k 1. Real 0, 1, 4: radii 1, 1, 3. Generated 0.5 is in the balls of 0 and 1; 9 is in none.
    assertThat(DensityCoverage.of(line(0, 1, 4), line(0.5f, 9), 1))
        .isEqualTo(new DensityCoverage(2 / 2.0, 2 / 3.0));
    // k 2. Radii 4, 3, 4. 2 is in all three balls, -3 in that of 0 alone.
    assertThat(DensityCoverage.of(line(0, 1, 4), line(2, -3), 2))
        .isEqualTo(new DensityCoverage(4 / 4.0, 1));
  }

  @Test
  void theSurfaceOfABallIsOutside() {
    // 2 is 1 from the centre 1, whose radius is 1; it is within the ball of 4 only.
    assertThat(DensityCoverage.of(line(0, 1, 4), line(2), 1))
        .isEqualTo(new DensityCoverage(1, 1 / 3.0));
  }

  @Test
  void equalSetsHaveBothOneEvenWithinABlockAndBeyond() {
    RandomState.seed(3);
    Tensor rows = torch.randn(600, 5);
    assertThat(DensityCoverage.of(rows, rows.clone())).isEqualTo(new DensityCoverage(1, 1));
  }

  @Test
  void aCollapsedGeneratorIsDenseButCoversLittle() {
    RandomState.seed(3);
    Tensor real = torch.randn(300, 8);
    DensityCoverage measured = DensityCoverage.of(real, Tensors.zeros(400, 8));
    assertThat(measured.density()).isGreaterThan(1);
    // Each of 400 equal points is in the same balls.
    assertThat(measured.coverage())
        .isCloseTo(measured.density() * DensityCoverage.K / 300, within(1e-12));
    assertThat(DensityCoverage.of(real, real.narrow(0, 7, 1).repeat(300, 1)).coverage())
        .isBetween(1 / 300.0, 0.2);
  }

  @Test
  void anOutlierAmongTheGeneratedCoversNothing() {
    Tensor real = line(0, 1, 2, 3);
    assertThat(DensityCoverage.of(real, line(1e6f, -1e6f), 1)).isEqualTo(new DensityCoverage(0, 0));
    assertThat(PrecisionRecall.of(real, line(1e6f, -1e6f), 1).recall()).isEqualTo(1);
  }

  @Test
  void uglyInputsAreRefused() {
    assertThatThrownBy(() -> DensityCoverage.of(line(0, 1, 2, 3, 4), line(0)))
        .hasMessage("k must be at least 1 and below the rows of real, 5, got 5");
    assertThatThrownBy(() -> DensityCoverage.of(line(0, 1), Tensors.zeros(0, 1), 1))
        .hasMessage("generated must hold at least 1 images for density and coverage, got 0");
    assertThatThrownBy(() -> DensityCoverage.of(line(0, 1), Tensors.zeros(2, 3), 1))
        .hasMessage("generated must have shape (any, 1), got (2, 3)");
    Tensor bad = line(0, 1).div(new Scalar(0.0));
    assertThatThrownBy(() -> DensityCoverage.of(line(0, 1), bad, 1))
        .hasMessage("generated must be finite, got NaN or infinity; has the model diverged?");
  }

  @Test
  void ballsMadeOnceServeBothMeasures() {
    RandomState.seed(3);
    Tensor real = torch.randn(300, 5);
    Tensor generated = torch.randn(301, 5);
    NearestBalls both = NearestBalls.around(real, "real", 5);
    NearestBalls made = NearestBalls.around(generated, "generated", 3);
    assertThat(DensityCoverage.of(both, generated, 5))
        .isEqualTo(DensityCoverage.of(real, generated, 5));
    assertThat(PrecisionRecall.of(both, made, 3)).isEqualTo(PrecisionRecall.of(real, generated, 3));
    assertThatThrownBy(() -> DensityCoverage.of(both, generated, 6))
        .hasMessage("k must be at least 1 and at most what the balls were made for, 5, got 6");
  }
}
