package io.mvq.run;

import io.mvq.data.Dataset;
import io.mvq.data.ImageSource;
import io.mvq.recipe.Recipe;
import io.mvq.train.Checkpoint;
import io.mvq.train.Training;
import java.io.IOException;

/** Stage 1: trains a recipe's autoencoder into a run's folder. */
public final class AutoencoderTraining {
  /**
   * How it went.
   *
   * @param waitShare share of the time spent waiting for images
   * @param exchangeShare share of the time spent on exchanges with other ranks
   */
  public record Report(double seconds, double waitShare, double exchangeShare, boolean complete) {}

  private AutoencoderTraining() {}

  /** Trains. @param heldOut what evaluations look at; may be empty */
  public static Report run(Stage stage, ImageSource images, ImageSource heldOut)
      throws IOException {
    Recipe recipe = stage.recipe();
    Training training = recipe.training();
    if (images.size() < training.batch()) {
      throw new IllegalArgumentException(
          "the set has "
              + images.size()
              + " training images, fewer than a batch of "
              + training.batch()
              + "; lower --batch");
    }
    Checkpoint from = stage.begun();
    if (stage.isComplete(recipe.architecture().system(), training, from)) {
      return new Report(0, 0, 0, true); // also without the networks it was trained against
    }
    try (AutoencoderPlayers players = AutoencoderPlayers.of(stage, images, from)) {
      if (from == null) {
        stage.out().println("looking at the first images; codebooks, if any, begin by k-means");
      }
      double before = stage.ranks().seconds();
      long start = System.nanoTime();
      boolean complete =
          stage.train(
              recipe.architecture().system(),
              players.model(),
              training,
              players.step(),
              players.opponents(),
              from,
              heldOut.size() == 0
                  ? null
                  : new AutoencoderEvaluation(
                      players.model(), recipe, Dataset.thinned(heldOut, StageEvaluation.IMAGES)));
      double seconds = (System.nanoTime() - start) / 1e9;
      double exchanged = (stage.ranks().seconds() - before) / seconds;
      return new Report(seconds, players.waitShare(), exchanged, complete);
    }
  }
}
