package io.mvq.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class ForeachTest {
  private final Tensor two = Tensors.of(new float[] {3, 0}, 2);
  private final Tensor one = Tensors.of(new float[] {-4}, 1);
  private final Foreach both = Foreach.of(List.of(two, one));

  @Test
  void theNormIsThatOfAllElementsTogether() {
    assertThat(both.norm()).isCloseTo(5, within(1e-6));
    Tensor bad = Tensors.of(new float[] {Float.NaN}, 1);
    assertThat(Foreach.of(List.of(two, bad)).norm()).isNaN();
    Tensor endless = Tensors.of(new float[] {Float.NEGATIVE_INFINITY}, 1);
    assertThat(Foreach.of(List.of(endless, one)).norm()).isInfinite();
  }

  @Test
  void allAreChangedInPlace() {
    both.multiply(0.5);
    assertThat(Tensors.floats(two)).containsExactly(1.5f, 0);
    assertThat(Tensors.floats(one)).containsExactly(-2);
    Tensor other = Tensors.of(new float[] {3.5f, 2}, 2);
    Tensor zero = Tensors.of(new float[] {0}, 1);
    both.lerp(Foreach.of(List.of(other, zero)), 0.25);
    assertThat(Tensors.floats(two)).containsExactly(2, 0.5f);
    assertThat(Tensors.floats(one)).containsExactly(-1.5f);
  }

  @Test
  void aKeptOneOutlivesTheScopeItIsMadeIn() {
    Foreach kept;
    try (PointerScope scope = new PointerScope()) {
      kept = Foreach.kept(List.of(two, one));
    }
    assertThat(kept.norm()).isCloseTo(5, within(1e-6));
  }

  @Test
  void listsOfUnequalLengthAreRefused() {
    assertThatThrownBy(() -> both.lerp(Foreach.of(List.of(two)), 0.5))
        .isInstanceOf(RuntimeException.class)
        .hasMessageContaining("same number of tensors");
  }
}
