package io.mvq.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class DropoutMasksTest {
  @Test
  void theFirstWordIsPhilox4x32ofZeros() {
    // Random123's known answer for counter 0, key 0: 6627e8d5 e169c58d bc57ac4c 9b00dbd8.
    MaskBits masks = DropoutMasks.draw(1, 1, 128, new Dropout(0, 0, 0.5), Where.CPU);
    assertThat(masks.words().get(0)).isEqualTo(0xe169c58d6627e8d5L);
    assertThat(masks.words().get(1)).isEqualTo(0x9b00dbd8bc57ac4cL);
  }

  @Test
  void anyWindowOfTheStreamHoldsTheSameMasks() {
    MaskBits all = DropoutMasks.draw(9, 5, 70, new Dropout(42, 0, 0.3), Where.cpu(2));
    MaskBits window = DropoutMasks.draw(2, 5, 70, new Dropout(42, 7, 0.3), Where.cpu(1));
    for (int i = 0; i < 10; i++) {
      assertThat(window.get(i)).isEqualTo(all.get(35 + i));
    }
  }

  @Test
  void keepIsTheShareOfOnes() {
    for (double keep : new double[] {0, 0.1, 0.5, 0.8, 1}) {
      MaskBits masks = DropoutMasks.draw(1000, 1, 100, new Dropout(1, 0, keep), Where.CPU);
      long ones = 0;
      for (int i = 0; i < 1000; i++) {
        assertThat(masks.get(i).length()).isLessThanOrEqualTo(100);
        ones += masks.get(i).cardinality();
      }
      // Five standard deviations of 100,000 draws.
      assertThat(ones / 1e5).isCloseTo(keep, within(keep % 1 == 0 ? 1e-9 : 0.008));
    }
  }

  @Test
  void badArgumentsAreNamedWithTheirValue() {
    assertThatThrownBy(() -> new Dropout(0, 0, 1.5)).hasMessage("keep must be in 0..1, got 1.5");
    assertThatThrownBy(() -> new Dropout(0, 0, Double.NaN))
        .hasMessage("keep must be in 0..1, got NaN");
    assertThatThrownBy(() -> new Dropout(0, -1, 1))
        .hasMessage("firstRow must be at least 0, got -1");
    assertThatThrownBy(() -> DropoutMasks.draw(1, 0, 3, new Dropout(0, 0, 1), Where.CPU))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("h ");
  }
}
