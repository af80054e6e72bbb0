package io.mvq.run;

import io.mvq.prior.TokenPrior;
import io.mvq.recipe.Recipe;
import io.mvq.tensor.RandomState;
import io.mvq.train.Losses;
import io.mvq.train.Step;
import io.mvq.train.Training;
import java.io.IOException;

/** Stage 2: trains a recipe's prior on the tokens of the training images. */
public final class PriorTraining {
  private PriorTraining() {}

  /** Trains; returns whether all steps are done. @param classes 0 without labels */
  public static boolean run(Stage stage, Tokenized images, int[] codes, int classes)
      throws IOException {
    Recipe recipe = stage.recipe();
    Training training = recipe.prior().training();
    if (recipe.prior().conditional() && classes == 0) {
      throw new IllegalArgumentException(
          "a conditional prior needs images with classes, and this set has none; use --prior-conditional false");
    }
    RandomState.seed(training.seed());
    TokenPrior prior = Run.prior(recipe, codes, classes);
    Step step =
        batch -> {
          // Chosen by the batch's number, so that a resumed run sees the same rows.
          int[] rows = images.rows(Stage.rowSeed(training, batch), training.batch());
          return Losses.of(
              prior.loss(
                  images.tokens(rows), recipe.prior().conditional() ? images.labels(rows) : null));
        };
    return stage.train(
        recipe.architecture().system() + " prior", prior, training, step, stage.begun());
  }
}
