package io.mvq.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.mvq.metric.FrechetExtrapolation.Point;
import io.mvq.tensor.RandomState;
import io.mvq.tensor.Tensors;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class FrechetExtrapolationTest {
  @Test
  void theLineIsThatOfAWorkedTable() {
    // Distances 7, 4, 3 at 1 / N = 1, 0.5, 0.25: means 7 / 12 and 14 / 3; the sums of squares and
    // of products are 7 / 24 and 19 / 12; slope 38 / 7, intercept 14 / 3 - 38 / 12.
    FrechetExtrapolation line =
        FrechetExtrapolation.fitted(List.of(new Point(1, 7), new Point(2, 4), new Point(4, 3)));
    assertThat(line.slope()).isCloseTo(38 / 7.0, within(1e-12));
    assertThat(line.value()).isCloseTo(1.5, within(1e-12));
  }

  @Test
  void theBiasOfFewImagesGoesAway() {
    RandomState.seed(7);
    try (FeatureMoments real = new FeatureMoments(16)) {
      real.add(torch.randn(100_000, 16));
      Tensor generated = torch.randn(4000, 16).add(new Scalar(0.25));
      FrechetExtrapolation far = FrechetExtrapolation.of(real, generated, 3);
      // A shift of 0.25 in 16 dimensions: 1.
      assertThat(far.value()).isCloseTo(1, within(0.06));
      assertThat(far.slope()).isPositive();
      assertThat(far.points()).hasSize(15);
      assertThat(far.points().get(0).images()).isEqualTo(400);
      assertThat(far.points().get(14).images()).isEqualTo(4000);
      assertThat(far.points().get(0).distance()).isGreaterThan(1.1);
      assertThat(FrechetExtrapolation.of(real, generated, 3)).isEqualTo(far);
      assertThat(FrechetExtrapolation.of(real, generated, 4)).isNotEqualTo(far);
    }
  }

  @Test
  void uglyInputsAreRefused() {
    try (FeatureMoments real = new FeatureMoments(2)) {
      assertThatThrownBy(() -> FrechetExtrapolation.of(real, Tensors.zeros(3, 2), 1))
          .hasMessage("generated must hold at least 16 images for 15 sizes from 2 upwards, got 3");
      assertThatThrownBy(() -> FrechetExtrapolation.of(real, Tensors.zeros(30, 2), 1, 1, 1))
          .hasMessage("count and least must be at least 2, got 1 and 1");
      assertThatThrownBy(() -> FrechetExtrapolation.of(real, Tensors.zeros(30, 3), 1))
          .hasMessage("generated must have shape (any, 2), got (30, 3)");
      assertThatThrownBy(() -> FrechetExtrapolation.of(real, Tensors.zeros(30, 2), 1))
          .hasMessage(
              "a must hold at least 2 images for a Frechet distance, got 0; take 2000 or more");
    }
  }
}
