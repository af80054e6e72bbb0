package io.mvq.run;

import io.mvq.hypothesis.MaskPrior;
import io.mvq.recipe.Recipe;
import io.mvq.tensor.Autocast;
import io.mvq.tensor.Devices;
import io.mvq.tensor.RandomState;
import io.mvq.train.Losses;
import io.mvq.train.Step;
import io.mvq.train.Training;
import java.io.IOException;

/** Beside stage 2: trains a recipe's mask prior on the winners' masks of the training images. */
public final class MaskPriorTraining {
  private MaskPriorTraining() {}

  /**
   * Trains, as the prior over tokens is trained; returns whether all steps are done.
   *
   * @param heldOut what evaluations look at; null for nothing
   */
  static boolean run(Stage stage, Tokenized images, Tokenized heldOut, int[] codes)
      throws IOException {
    Recipe recipe = stage.recipe();
    Training training = recipe.prior().training();
    RandomState.seed(training.seed());
    MaskPrior prior =
        recipe
            .prior()
            .masks()
            .prior(
                codes,
                images.masks().winners(),
                images.masks().maskWidth(),
                recipe.prior().width());
    Step step =
        batch -> {
          // Chosen by the batch's number, so that a resumed run sees the same rows.
          int[] rows = images.rows(Stage.rowSeed(training, batch), training.rows());
          return Losses.of(
              Autocast.bfloat16(
                  training.bf16(),
                  Devices.of(prior),
                  () -> prior.loss(images.tokens(rows), images.masks(rows))));
        };
    StageEvaluation evaluation =
        heldOut == null
            ? null
            : new PriorEvaluation(
                heldOut.size(),
                rows -> prior.loss(heldOut.tokens(rows), heldOut.masks(rows)),
                null);
    return stage.train(
        recipe.architecture().system() + " masks",
        prior,
        training,
        step,
        stage.begun(),
        evaluation);
  }
}
