package io.mvq.cli;

import io.mvq.prior.TokenTransformer;
import io.mvq.tensor.RandomState;
import io.mvq.train.Checkpoint;
import io.mvq.train.Losses;
import io.mvq.train.Progress;
import io.mvq.train.Recipe;
import io.mvq.train.RunLog;
import io.mvq.train.Trainer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Random;

/** Stage 2: trains a recipe's prior on the tokens of the training images. */
final class PriorTraining {
  private static final long CHECKPOINT_EVERY = 1000;
  private static final long LOG_EVERY = 10;

  private PriorTraining() {}

  /** Trains; returns whether all steps are done. @param classes 0 without labels */
  static boolean run(
      Recipe recipe,
      Tokenized images,
      int[] codes,
      int classes,
      Path stage,
      boolean resume,
      Progress.Style style,
      PrintStream out)
      throws IOException {
    Recipe.Training training = recipe.prior().training();
    if (recipe.prior().conditional() && classes == 0) {
      throw new IllegalArgumentException(
          "a conditional prior needs images with classes, and this set has none; use --prior-conditional false");
    }
    RandomState.seed(training.seed());
    TokenTransformer prior = Models.prior(recipe, codes, classes);
    Path folder = Run.checkpoint(stage);
    Checkpoint from = resume && Checkpoint.exists(folder) ? Checkpoint.read(folder) : null;
    long done = from == null ? 0 : from.step();
    try (RunLog log = new RunLog(stage, done);
        Progress progress =
            Progress.of(
                style,
                recipe.model().system() + " prior",
                done,
                training.steps(),
                training.batch() * training.accumulate(),
                out)) {
      Trainer trainer =
          new Trainer(
                  prior,
                  training,
                  batch -> {
                    // Chosen by the batch's number, so that a resumed run sees the same rows.
                    int[] rows =
                        new Random(training.seed() * 1_000_003 + batch)
                            .ints(training.batch(), 0, images.size())
                            .toArray();
                    return Losses.of(
                        prior.loss(
                            images.tokens(rows),
                            recipe.prior().conditional() ? images.labels(rows) : null));
                  })
              .checkpoints(folder, recipe, CHECKPOINT_EVERY)
              .every(1, progress::update)
              .every(LOG_EVERY, log::report);
      if (from != null) {
        trainer.resume(from);
      }
      return trainer.run();
    }
  }
}
