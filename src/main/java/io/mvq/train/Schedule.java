package io.mvq.train;

import io.mvq.setting.Limits;

/**
 * Learning rates: a linear rise, then half a cosine down to a floor.
 *
 * @param peak reached at the end of the warm-up
 * @param warmup steps of the rise; the first step already has {@code peak / warmup}
 * @param steps after which the floor is reached and kept
 * @param floor share of the peak, 0 to 1; 1 keeps the peak
 */
public record Schedule(double peak, long warmup, long steps, double floor) {
  public Schedule {
    Limits.positive("peak", peak);
    Limits.atLeast("warmup", warmup, 0);
    Limits.between("floor", floor, 0, 1);
  }

  /** As the recipe says. */
  public static Schedule of(Training training) {
    return new Schedule(
        training.learningRate(), training.warmup(), training.steps(), training.floor());
  }

  /** The rate of a step, counted from 0. */
  public double at(long step) {
    if (step < warmup) {
      return peak * (step + 1) / warmup;
    }
    double done = steps <= warmup ? 1 : Math.min(1, (double) (step - warmup) / (steps - warmup));
    return peak * (floor + (1 - floor) * 0.5 * (1 + Math.cos(Math.PI * done)));
  }
}
