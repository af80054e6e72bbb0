package io.mvq.train;

import java.util.Locale;

/**
 * How often a checkpoint is written: after so many steps or so long, whichever comes first. It
 * changes no number of a run.
 *
 * @param steps at least 1; a step whose number is a multiple of it
 * @param minutes above 0, since the last checkpoint or the start
 */
public record CheckpointInterval(long steps, double minutes) {
  /** What a run has that asks for nothing else. */
  public static final CheckpointInterval DEFAULT = new CheckpointInterval(1000, 5);

  private static final double NANOS = 60e9;

  public CheckpointInterval {
    if (steps < 1) {
      throw new IllegalArgumentException("checkpoint-steps must be at least 1 step, got " + steps);
    }
    if (!(minutes > 0)) { // also refuses NaN
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "checkpoint-minutes must be more than 0 minutes, got %s", minutes));
    }
  }

  /** Every so many steps, however long they take. */
  public static CheckpointInterval ofSteps(long steps) {
    return new CheckpointInterval(steps, Double.POSITIVE_INFINITY);
  }

  /** Whether one is due. @param nanos since the last one */
  boolean isDue(long step, long nanos) {
    return step % steps == 0 || nanos >= minutes * NANOS;
  }
}
