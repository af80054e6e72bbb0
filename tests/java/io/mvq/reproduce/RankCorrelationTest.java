package io.mvq.reproduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RankCorrelationTest {
  @Test
  void itIsOneForRisingAndMinusOneForFallingValues() {
    assertThat(RankCorrelation.of(new TreeMap<>(Map.of(1, 2.0, 5, 3.0, 9, 100.0)))).isEqualTo(1);
    assertThat(RankCorrelation.of(new TreeMap<>(Map.of(1, 9.0, 5, 3.0, 9, -1.0)))).isEqualTo(-1);
  }

  @Test
  void itAgreesWithAWorkedCase() {
    // Ranks 2 1 4 3 against 1 2 3 4: 1 - 6 * 4 / (4 * 15).
    var points = new TreeMap<>(Map.of(16, 0.2, 32, 0.1, 64, 0.4, 128, 0.3));
    assertThat(RankCorrelation.of(points)).isCloseTo(0.6, within(1e-12));
  }

  @Test
  void equalValuesShareTheirRankAndAllEqualOnesGiveZero() {
    assertThat(RankCorrelation.of(new TreeMap<>(Map.of(1, 5.0, 2, 5.0, 3, 5.0)))).isZero();
    // Ranks 0.5 0.5 2 against 0 1 2: (-1 * -0.5 + 0 + 1 * 1) / sqrt(2 * 1.5).
    assertThat(RankCorrelation.of(new TreeMap<>(Map.of(1, 5.0, 2, 5.0, 3, 6.0))))
        .isCloseTo(1.5 / Math.sqrt(3), within(1e-12));
  }

  @Test
  void onePointIsTooFew() {
    assertThatThrownBy(() -> RankCorrelation.of(new TreeMap<>(Map.of(1, 2.0))))
        .hasMessage("a rank correlation needs at least 2 points, got 1");
  }
}
