package io.mvq.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.mvq.tensor.Tensors;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class SmoothnessTest {
  private static Smoothness of(float... places) {
    List<Tensor> path =
        Stream.iterate(0, i -> i < places.length, i -> i + 1)
            .map(i -> Tensors.of(new float[] {places[i]}, 1))
            .toList();
    return Smoothness.of(path, (a, b) -> a.sub(b).abs().mean());
  }

  @Test
  void anEvenWayHasEqualSteps() {
    Smoothness even = of(0, 1, 2, 3, 4);
    assertThat(even.mean()).isEqualTo(0.25);
    assertThat(even.most()).isEqualTo(0.25);
  }

  @Test
  void aJumpIsTheLongestStep() {
    Smoothness jump = of(0, 0, 4, 4, 4);
    assertThat(jump.mean()).isEqualTo(0.25);
    assertThat(jump.most()).isEqualTo(1);
  }

  @Test
  void aDetourMakesTheMeanStepLonger() {
    assertThat(of(0, 8, 4).mean()).isCloseTo(1.5, within(1e-9));
  }

  @Test
  void equalEndsGiveZeroAndOneImageIsTooFew() {
    assertThat(of(2, 2).most()).isZero();
    assertThatThrownBy(() -> of(1)).hasMessage("a path needs at least 2 images, got 1");
  }
}
