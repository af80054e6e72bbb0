package io.mvq.metric;

import static io.mvq.metric.Rows.line;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mvq.tensor.RandomState;
import io.mvq.tensor.Tensors;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class PrecisionRecallTest {
  @Test
  void aWorkedLine() {
    // k 1. Real 0, 1, 4: radii 1, 1, 3. Generated 2, 9, 10: radii 7, 1, 1.
    // Within real: 2 (on the ball of 1), no more. Within generated: 0, 1, 4 (all within 7 of 2).
    PrecisionRecall measured = PrecisionRecall.of(line(0, 1, 4), line(2, 9, 10), 1);
    assertThat(measured).isEqualTo(new PrecisionRecall(1 / 3.0, 1));
  }

  @Test
  void theSurfaceOfABallIsInside() {
    assertThat(PrecisionRecall.of(line(0, 2), line(4, 5), 1).precision()).isEqualTo(0.5);
  }

  @Test
  void equalSetsAreCoveredWhollyEvenWithinABlockAndBeyond() {
    RandomState.seed(3);
    Tensor rows = torch.randn(600, 5);
    assertThat(PrecisionRecall.of(rows, rows.clone())).isEqualTo(new PrecisionRecall(1, 1));
  }

  @Test
  void aCollapsedGeneratorHasPrecisionWithoutRecall() {
    RandomState.seed(3);
    Tensor real = torch.randn(300, 8);
    Tensor collapsed = real.narrow(0, 7, 1).repeat(300, 1);
    PrecisionRecall measured = PrecisionRecall.of(real, collapsed);
    assertThat(measured.precision()).isEqualTo(1);
    assertThat(measured.recall()).isEqualTo(1 / 300.0);
  }

  @Test
  void farSetsShareNothing() {
    RandomState.seed(3);
    Tensor real = torch.randn(50, 8);
    assertThat(PrecisionRecall.of(real, real.add(new Scalar(100.0))))
        .isEqualTo(new PrecisionRecall(0, 0));
  }

  @Test
  void uglyInputsAreRefused() {
    assertThatThrownBy(() -> PrecisionRecall.of(line(0, 1, 2), line(0, 1, 2, 3)))
        .hasMessage("k must be at least 1 and below the rows of real, 3, got 3");
    assertThatThrownBy(() -> PrecisionRecall.of(line(0, 1), line(0, 1), 0))
        .hasMessage("k must be at least 1 and below the rows of real, 2, got 0");
    assertThatThrownBy(() -> PrecisionRecall.of(line(0, 1), line(0, Float.NaN), 1))
        .hasMessage("generated must be finite, got NaN or infinity; has the model diverged?");
    assertThatThrownBy(() -> PrecisionRecall.of(line(0, 1), Tensors.zeros(4, 2), 1))
        .hasMessage("generated must have shape (any, 1), got (4, 2)");
  }
}
