package io.mvq.run;

import io.mvq.autoencoder.TokenAutoencoder;
import io.mvq.prior.TokenPrior;
import io.mvq.recipe.Recipe;
import io.mvq.tensor.Autocast;
import io.mvq.tensor.Devices;
import io.mvq.tensor.RandomState;
import io.mvq.train.Losses;
import io.mvq.train.Step;
import io.mvq.train.Training;
import java.io.IOException;
import org.bytedeco.pytorch.Tensor;

/** Stage 2: trains a recipe's prior on the tokens of the training images. */
public final class PriorTraining {
  private PriorTraining() {}

  /**
   * Trains.
   *
   * @param model of the tokens
   * @param heldOut what evaluations look at; null for nothing
   * @param classes 0 without labels
   * @return whether all steps are done
   */
  static boolean run(
      Stage stage, TokenAutoencoder model, Tokenized images, Tokenized heldOut, int classes)
      throws IOException {
    Recipe recipe = stage.recipe();
    Training training = recipe.prior().training();
    if (recipe.prior().conditional() && classes == 0) {
      throw new IllegalArgumentException(
          "a conditional prior needs images with classes, and this set has none; use"
              + " --prior-conditional false");
    }
    RandomState.seed(training.seed());
    TokenPrior prior = Run.prior(recipe, model.codes(), classes);
    boolean conditional = recipe.prior().conditional();
    Step step =
        batch -> {
          // Chosen by the batch's number, so that a resumed run sees the same rows.
          int[] rows = images.rows(Stage.rowSeed(training, batch), training.rows());
          return Losses.of(
              Autocast.bfloat16(
                  training.bf16(),
                  Devices.of(prior),
                  () -> loss(prior, images, rows, conditional)));
        };
    // Its masks as the autoencoder draws them: a prior of masks is trained after this one.
    TokenModel drawing = new TokenModel(recipe, model, prior, model::drawMasks);
    StageEvaluation evaluation =
        heldOut == null
            ? null
            : new PriorEvaluation(
                heldOut.size(), rows -> loss(prior, heldOut, rows, conditional), drawing);
    return stage.train(
        recipe.architecture().system() + " prior",
        prior,
        training,
        step,
        stage.begun(),
        evaluation);
  }

  private static Tensor loss(TokenPrior prior, Tokenized images, int[] rows, boolean conditional) {
    return prior.loss(images.tokens(rows), conditional ? images.labels(rows) : null);
  }
}
