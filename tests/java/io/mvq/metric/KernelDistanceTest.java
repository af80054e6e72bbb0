package io.mvq.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.mvq.tensor.RandomState;
import io.mvq.tensor.Tensors;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class KernelDistanceTest {
  @Test
  void aWorkedLine() {
    // Real 0, 1: k(0, 1) = 1. Generated 1, 2: k(1, 2) = 3^3 = 27.
    // Across: k(0, 1) = k(0, 2) = 1, k(1, 1) = 8, k(1, 2) = 27: mean 37 / 4.
    Tensor real = Tensors.of(new float[] {0, 1}, 2, 1);
    Tensor generated = Tensors.of(new float[] {1, 2}, 2, 1);
    assertThat(KernelDistance.between(real, generated))
        .isCloseTo(1 + 27 - 2 * 37 / 4.0, within(1e-12));
  }

  @Test
  void theProductIsDividedByTheWidth() {
    // Within either set x.y = 0, so k = 1. Across: 4 / 2 + 1 = 3 twice and 0 twice: (27 + 1) / 2.
    Tensor real = Tensors.of(new float[] {2, 0, 0, 2}, 2, 2);
    Tensor generated = Tensors.of(new float[] {2, 2, 0, 0}, 2, 2);
    assertThat(KernelDistance.between(real, generated)).isCloseTo(2 - 28, within(1e-12));
  }

  @Test
  void shiftedGaussiansHaveAClosedForm() {
    // d = 1: the sum of 3 (m1 - m1')^2 + 3 (m2 - m2')^2 + (m3 - m3')^2 over raw moments; those of
    // N(0, 1) are 0, 1, 0 and those of N(1, 1) are 1, 2, 4: 3 + 3 + 16.
    RandomState.seed(5);
    Tensor real = torch.randn(6000, 1);
    Tensor generated = torch.randn(6000, 1).add(new Scalar(1.0));
    KernelDistance measured = KernelDistance.of(real, generated, 30, 1000, 1);
    assertThat(measured.value()).isCloseTo(22, within(2.5));
    assertThat(measured.deviation()).isBetween(0.2, 6.0);
  }

  @Test
  void likeSetsAreNearZeroWhateverTheirSize() {
    RandomState.seed(5);
    Tensor rows = torch.randn(1200, 8);
    Tensor real = rows.narrow(0, 0, 600);
    Tensor generated = rows.narrow(0, 600, 600);
    assertThat(KernelDistance.of(real, generated, 60, 50, 2).value()).isCloseTo(0, within(0.05));
    assertThat(KernelDistance.between(real, generated)).isCloseTo(0, within(0.02));
  }

  @Test
  void theSeedDrawsTheSubsetsAndWholeSetsDoNotDeviate() {
    RandomState.seed(5);
    Tensor real = torch.randn(40, 3);
    Tensor generated = torch.randn(30, 3).add(new Scalar(0.5));
    assertThat(KernelDistance.of(real, generated, 4, 20, 9))
        .isEqualTo(KernelDistance.of(real, generated, 4, 20, 9))
        .isNotEqualTo(KernelDistance.of(real, generated, 4, 20, 10));
    Tensor equal = real.narrow(0, 0, 30);
    KernelDistance whole = KernelDistance.of(equal, generated, 3, 30, 9);
    assertThat(whole.value()).isCloseTo(KernelDistance.between(equal, generated), within(1e-12));
    assertThat(whole.deviation()).isCloseTo(0, within(1e-12));
  }

  @Test
  void uglyInputsAreRefused() {
    Tensor few = Tensors.zeros(4, 2);
    assertThatThrownBy(() -> KernelDistance.of(few, few, 1))
        .hasMessage("real must hold at least 1000 images for subsets of 1000, got 4");
    assertThatThrownBy(() -> KernelDistance.of(few, Tensors.zeros(3, 2), 5, 4, 1))
        .hasMessage("generated must hold at least 4 images for subsets of 4, got 3");
    assertThatThrownBy(() -> KernelDistance.of(few, few, 0, 1, 1))
        .hasMessage("subsets must be at least 1 and size at least 2, got 0 and 1");
    assertThatThrownBy(() -> KernelDistance.between(few, Tensors.zeros(4, 3)))
        .hasMessage("generated must have shape (any, 2), got (4, 3)");
    assertThatThrownBy(
            () -> KernelDistance.between(Tensors.of(new float[] {0, Float.NaN}, 2, 1), few))
        .hasMessage("real must be finite, got NaN or infinity; has the model diverged?");
  }
}
