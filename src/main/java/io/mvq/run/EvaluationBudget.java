package io.mvq.run;

import io.mvq.train.EvaluationInterval;
import java.util.function.LongSupplier;

/**
 * Keeps evaluations that nobody asked for below 3 % of the time: one is left out while those before
 * took more. Nothing that is trained depends on it.
 */
final class EvaluationBudget {
  private static final double SHARE = 0.03;

  private final boolean limited;
  private final LongSupplier clock;
  private final long start;
  private long spent;

  /**
   * Begins.
   *
   * @param asked how often one asked for; null for the usual, which alone is limited
   * @param clock nanoseconds
   */
  EvaluationBudget(EvaluationInterval asked, LongSupplier clock) {
    limited = asked == null;
    this.clock = clock;
    start = clock.getAsLong();
  }

  /** Whether another may be made. */
  boolean isLeft() {
    return !limited || spent <= SHARE * (clock.getAsLong() - start);
  }

  /** Makes one. Returns the seconds that it took. */
  double spend(Runnable evaluation) {
    long before = clock.getAsLong();
    evaluation.run();
    long took = clock.getAsLong() - before;
    spent += took;
    return took / 1e9;
  }
}
