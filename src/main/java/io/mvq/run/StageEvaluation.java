package io.mvq.run;

import io.mvq.train.RunLog;
import java.io.IOException;

/**
 * What a stage shows of itself while it is trained. It runs on the averaged weights, in evaluation
 * mode, without gradients; the generator is as it was afterwards.
 */
@FunctionalInterface
interface StageEvaluation {
  /** Images looked at: so few that evaluating takes little of the time of training. */
  int IMAGES = 256;

  /** Equal seeds at all steps, so that their pictures can be compared. */
  long SEED = 1;

  /** Logs numbers and pictures of a step. */
  void write(long step, RunLog log) throws IOException;

  /** Images a row of a picture of them, which stays about 1000 pixels wide. */
  static int columns(int side) {
    return Math.max(4, Math.min(16, 1024 / side));
  }
}
