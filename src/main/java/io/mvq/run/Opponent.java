package io.mvq.run;

import io.mvq.recipe.Recipe;
import io.mvq.tensor.Parameters;
import io.mvq.train.Player;
import io.mvq.train.Step;
import io.mvq.train.Training;
import io.mvq.train.WeightUpdate;
import java.util.Map;
import org.bytedeco.pytorch.Module;

/** Who learns against the autoencoder, in turn with it. */
final class Opponent {
  private static final double BETA1 = 0.5; // VQGAN's: little momentum, since the aim moves

  private Opponent() {}

  /**
   * As the recipe trains, but at a rate of its own and without a warm-up: it begins late, or has
   * learned before.
   */
  static Player of(String name, Module module, Recipe recipe, double rate, Step step) {
    Training training = recipe.with(Map.of("learning-rate", rate, "warmup", 0)).training();
    return new Player(
        name, module, new WeightUpdate(Parameters.trained(module), training, BETA1), step);
  }
}
