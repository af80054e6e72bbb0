package io.mvq.run;

import io.mvq.train.StepReport;

/**
 * How far a stage of a run is.
 *
 * @param stage what is trained, e.g. {@code mvq}, then {@code mvq prior}
 * @param steps of the stage in all
 * @param report of the step that was just done
 */
public record StageStep(String stage, long steps, StepReport report) {
  /** Steps done, from 1. */
  public long step() {
    return report.step();
  }

  /** Mean total loss of the step's batches. */
  public double loss() {
    return report.loss();
  }
}
