package io.mvq.run;

import io.mvq.autoencoder.Autoencoder;
import io.mvq.autoencoder.ReconstructionLoss;
import io.mvq.data.Augmentation;
import io.mvq.data.Batches;
import io.mvq.data.Dataset;
import io.mvq.data.ImageSource;
import io.mvq.recipe.Recipe;
import io.mvq.tensor.Autocast;
import io.mvq.tensor.Devices;
import io.mvq.tensor.RandomState;
import io.mvq.train.Checkpoint;
import io.mvq.train.Losses;
import io.mvq.train.Player;
import io.mvq.train.Step;
import io.mvq.train.Training;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Stage 1: trains a recipe's autoencoder into a run's folder. */
public final class AutoencoderTraining {
  /** How it went. @param waitShare share of the time spent waiting for images */
  public record Report(double seconds, double waitShare, boolean complete) {}

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
      return new Report(0, 0, true); // also without the networks it was trained against
    }
    long firstBatch = from == null ? 0 : from.step() * training.accumulate();
    Augmentation augmentation = new Augmentation(recipe.data().flip() ? 0.5 : 0, 0);
    try (DrawTraining draws = DrawTraining.of(stage, images, from != null, firstBatch);
        Batches batches =
            Batches.shuffled(
                images, training.batch(), training.seed(), firstBatch, augmentation, 1)) {
      RandomState.seed(training.seed());
      Autoencoder model = Run.autoencoder(recipe);
      Judgement judgement = Judgement.of(recipe, stage.device());
      List<Player> opponents = new ArrayList<>(judgement.opponents());
      opponents.addAll(draws.opponents());
      if (from == null) {
        stage.out().println("looking at the first images; codebooks, if any, begin by k-means");
      }
      long start = System.nanoTime();
      boolean complete =
          stage.train(
              recipe.architecture().system(),
              model,
              training,
              new AutoencoderStep(model, judgement.loss(), draws, batches, images, recipe),
              opponents,
              from,
              heldOut.size() == 0
                  ? null
                  : new AutoencoderEvaluation(
                      model, recipe, Dataset.thinned(heldOut, StageEvaluation.IMAGES)));
      return new Report((System.nanoTime() - start) / 1e9, batches.waitShare(), complete);
    }
  }

  /** A batch's losses; before the first step, codebooks by k-means on the first images. */
  private record AutoencoderStep(
      Autoencoder model,
      ReconstructionLoss loss,
      DrawTraining draws,
      Batches batches,
      ImageSource images,
      Recipe recipe)
      implements Step {
    private static final int ROWS_A_CODE = 8;

    @Override
    public void before(long step) {
      if (step > 0) {
        return;
      }
      // A position of a grid is a row for the codebook that they all share.
      int grid = recipe.architecture().firstGrid();
      int positions = Math.max(1, grid * grid);
      int codes = recipe.architecture().isContinuous() ? 0 : recipe.tokens().codes();
      int rows = ROWS_A_CODE * codes / positions;
      int wanted = Math.min(images.size(), Math.max(positions > 1 ? 64 : 256, rows));
      int batch = Math.min(64, images.size());
      try (NoGradGuard guard = new NoGradGuard();
          Batches first =
              Batches.shuffled(
                  images, batch, recipe.training().seed() + 1, 0, Augmentation.NONE, 1)) {
        TensorVector pixels = new TensorVector();
        for (int have = 0; have < wanted; have += batch) {
          pixels.push_back(first.next().pixels());
        }
        model.initialize(torch.cat(pixels, 0));
      }
    }

    @Override
    public Losses losses(long number) {
      Tensor pixels = batches.next().pixels();
      Training training = recipe.training();
      double progress = (double) number / (training.steps() * training.accumulate());
      Autoencoder.Outcome outcome =
          Autocast.bfloat16(
              training.bf16(),
              Devices.of(model),
              () -> model.forward(pixels, progress, draws.of(number)));
      Map<String, Tensor> parts =
          loss.autoencoder(model, outcome, pixels, number / training.accumulate());
      draws.score(number, outcome, pixels, parts);
      return new Losses(parts.values().stream().reduce(Tensor::add).orElseThrow(), parts);
    }
  }
}
