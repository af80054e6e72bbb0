package io.mvq.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ScheduleTest {
  @Test
  void itRisesThenFallsToItsFloor() {
    Schedule schedule = new Schedule(0.8, 4, 12, 0.25);
    double[] expected = {0.2, 0.4, 0.6, 0.8, 0.8};
    for (int step = 0; step < expected.length; step++) {
      assertThat(schedule.at(step)).isCloseTo(expected[step], within(1e-12));
    }
    assertThat(schedule.at(8)).isCloseTo(0.5, within(1e-12)); // half way between .8 and .2
    assertThat(schedule.at(12)).isCloseTo(0.2, within(1e-12));
    assertThat(schedule.at(99)).isCloseTo(0.2, within(1e-12));
  }

  @Test
  void warmupAloneAndNoWarmupWork() {
    assertThat(new Schedule(1, 5, 5, 0).at(4)).isEqualTo(1);
    assertThat(new Schedule(1, 0, 5, 1).at(0)).isEqualTo(1);
    assertThat(new Schedule(1, 0, 5, 1).at(5)).isEqualTo(1);
  }

  @Test
  void aRunShorterThanItsWarmupOnlyRises() {
    assertThat(new Schedule(1, 10, 5, 0).at(4)).isEqualTo(0.5);
    assertThatThrownBy(() -> new Schedule(1, -1, 5, 0))
        .hasMessage("warmup must be at least 0, got -1");
  }
}
