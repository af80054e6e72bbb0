package io.mvq.run;

import io.mvq.hypothesis.MaskPrior;
import io.mvq.tensor.RandomState;
import io.mvq.train.Losses;
import io.mvq.train.Recipe;
import io.mvq.train.Step;
import java.io.IOException;

/** Beside stage 2: trains a recipe's mask prior on the winners' masks of the training images. */
public final class MaskPriorTraining {
  private MaskPriorTraining() {}

  /** Trains, as the prior over tokens is trained; returns whether all steps are done. */
  public static boolean run(Stage stage, Tokenized images, int[] codes) throws IOException {
    Recipe recipe = stage.recipe();
    Recipe.Training training = recipe.prior().training();
    RandomState.seed(training.seed());
    MaskPrior prior =
        Models.maskPrior(recipe, codes, images.masks().winners(), images.masks().bits());
    Step step =
        batch -> {
          // Chosen by the batch's number, so that a resumed run sees the same rows.
          int[] rows = images.rows(training.seed() * 1_000_003 + batch, training.batch());
          return Losses.of(prior.loss(images.tokens(rows), images.masks(rows)));
        };
    return stage.train(recipe.model().system() + " masks", prior, training, step, stage.begun());
  }
}
