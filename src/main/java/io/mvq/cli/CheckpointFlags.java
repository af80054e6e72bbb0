package io.mvq.cli;

import io.mvq.train.CheckpointInterval;
import picocli.CommandLine.Option;

/** How often a run is saved; no part of its recipe, so given anew with {@code --resume}. */
final class CheckpointFlags {
  @Option(
      names = "--checkpoint-steps",
      paramLabel = "STEPS",
      defaultValue = "1000",
      description = "a checkpoint each so many steps, 1 or more (default: 1000)")
  private long steps;

  @Option(
      names = "--checkpoint-minutes",
      paramLabel = "MINUTES",
      defaultValue = "5",
      description =
          "and after so many minutes, more than 0, if that is sooner; changes no result (default: 5)")
  private double minutes;

  CheckpointInterval interval() {
    try {
      return new CheckpointInterval(steps, minutes);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("--" + e.getMessage(), e);
    }
  }
}
