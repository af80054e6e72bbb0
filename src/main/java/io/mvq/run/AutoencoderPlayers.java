package io.mvq.run;

import io.mvq.autoencoder.Autoencoder;
import io.mvq.data.Augmentation;
import io.mvq.data.Batches;
import io.mvq.data.ImageSource;
import io.mvq.quantize.LearnLater;
import io.mvq.recipe.Recipe;
import io.mvq.tensor.RandomState;
import io.mvq.train.Checkpoint;
import io.mvq.train.Passes;
import io.mvq.train.Player;
import io.mvq.train.Step;
import io.mvq.train.Training;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Who trains an autoencoder: itself, what it learns in a step, and whom it learns against. The
 * generator is seeded when it is made.
 */
final class AutoencoderPlayers implements AutoCloseable {
  private final DrawTraining draws;
  private final Batches batches;
  private final LearnLater later;
  private final Autoencoder model;
  private final Step step;
  private final List<Player> opponents;

  private AutoencoderPlayers(Stage stage, ImageSource images, DrawTraining draws, long done)
      throws IOException {
    this.draws = draws;
    Recipe recipe = stage.recipe();
    Training training = recipe.training();
    Passes passes = Passes.of(training, stage.ranks());
    Augmentation augmentation = new Augmentation(recipe.data().flip() ? 0.5 : 0, 0);
    RandomState.seed(training.seed());
    model = Run.autoencoder(recipe);
    Judgement judgement = Judgement.of(recipe, stage.device());
    opponents = new ArrayList<>(judgement.opponents());
    opponents.addAll(draws.opponents());
    batches =
        Batches.shuffled(
            images,
            training.rows(),
            training.seed(),
            done * passes.own(),
            augmentation,
            1,
            passes::number);
    later = training.passes() > 1 ? new LearnLater() : null;
    step = new AutoencoderStep(model, judgement.loss(), draws, batches, images, stage, later);
  }

  /**
   * Makes them; a look that is trained on the spot takes a minute.
   *
   * @param from where the stage goes on; null to begin
   * @throws IllegalArgumentException if the images do not do
   * @throws IOException if a network that is trained against cannot be had or kept
   */
  static AutoencoderPlayers of(Stage stage, ImageSource images, Checkpoint from)
      throws IOException {
    long done = from == null ? 0 : from.step();
    DrawTraining draws = DrawTraining.of(stage, images, from != null, done);
    try {
      return new AutoencoderPlayers(stage, images, draws, done);
    } catch (IOException | RuntimeException e) {
      draws.close();
      throw e;
    }
  }

  Autoencoder model() {
    return model;
  }

  Step step() {
    return step;
  }

  List<Player> opponents() {
    return opponents;
  }

  /** Share of the time spent waiting for images. */
  double waitShare() {
    return batches.waitShare();
  }

  @Override
  public void close() {
    draws.close();
    batches.close();
    if (later != null) {
      later.close();
    }
  }
}
