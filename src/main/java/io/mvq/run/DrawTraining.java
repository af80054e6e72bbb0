package io.mvq.run;

import io.mvq.autoencoder.Autoencoder;
import io.mvq.autoencoder.Draws;
import io.mvq.data.ImageSource;
import io.mvq.look.EnergyScore;
import io.mvq.recipe.Recipe;
import io.mvq.tensor.Devices;
import java.io.IOException;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/**
 * How drawn images are trained, as a recipe describes it.
 *
 * @param score null if they are not
 */
record DrawTraining(Recipe recipe, EnergyScore score) {
  private static final String NAME = "draws";

  /**
   * Makes the look, which may take a minute; the generator is left as it was.
   *
   * @param begun whether the stage goes on, so that its look is there
   * @throws IllegalArgumentException if the images do not do for it
   * @throws IOException if a look cannot be had or kept
   */
  static DrawTraining of(Stage stage, ImageSource images, boolean begun) throws IOException {
    Recipe recipe = stage.recipe();
    if (!recipe.loss().draws().on()) {
      return new DrawTraining(recipe, null);
    }
    EnergyScore score = recipe.loss().draws().score(Looks.of(stage, images, begun));
    score.check(images.channels(), images.side());
    return new DrawTraining(recipe, score);
  }

  /** What a batch has to draw; null for nothing. @param number of the batch, from 0 */
  Draws of(long number) {
    return score == null
        ? null
        : recipe.loss().draws().draws(recipe.training().seed(), number, recipe.training().batch());
  }

  /** Adds the score to a batch's losses. */
  void score(Autoencoder.Outcome outcome, Tensor pixels, Map<String, Tensor> losses) {
    if (score == null) {
      return;
    }
    Tensor drawn = outcome.drawn();
    long rows = of(0).rows(pixels);
    Tensor real = Devices.like(pixels.narrow(0, 0, rows), drawn);
    losses.put(NAME, score.of(score.see(real), drawn, rows));
  }
}
