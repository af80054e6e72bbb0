package io.mvq.run;

import io.mvq.autoencoder.Autoencoder;
import io.mvq.autoencoder.ReconstructionLoss;
import io.mvq.data.Augmentation;
import io.mvq.data.Batches;
import io.mvq.data.Dataset;
import io.mvq.data.ImageSource;
import io.mvq.quantize.LearnLater;
import io.mvq.recipe.Recipe;
import io.mvq.tensor.Autocast;
import io.mvq.tensor.Devices;
import io.mvq.tensor.RandomState;
import io.mvq.train.Checkpoint;
import io.mvq.train.Losses;
import io.mvq.train.Passes;
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
    long done = from == null ? 0 : from.step();
    Passes passes = Passes.of(training, stage.ranks());
    Augmentation augmentation = new Augmentation(recipe.data().flip() ? 0.5 : 0, 0);
    try (DrawTraining draws = DrawTraining.of(stage, images, from != null, done);
        Batches batches =
            Batches.shuffled(
                images,
                training.rows(),
                training.seed(),
                done * passes.own(),
                augmentation,
                1,
                passes::number);
        LearnLater later = training.passes() > 1 ? new LearnLater() : null) {
      RandomState.seed(training.seed());
      Autoencoder model = Run.autoencoder(recipe);
      Judgement judgement = Judgement.of(recipe, stage.device());
      List<Player> opponents = new ArrayList<>(judgement.opponents());
      opponents.addAll(draws.opponents());
      if (from == null) {
        stage.out().println("looking at the first images; codebooks, if any, begin by k-means");
      }
      double before = stage.ranks().seconds();
      long start = System.nanoTime();
      boolean complete =
          stage.train(
              recipe.architecture().system(),
              model,
              training,
              new AutoencoderStep(model, judgement.loss(), draws, batches, images, stage, later),
              opponents,
              from,
              heldOut.size() == 0
                  ? null
                  : new AutoencoderEvaluation(
                      model, recipe, Dataset.thinned(heldOut, StageEvaluation.IMAGES)));
      double seconds = (System.nanoTime() - start) / 1e9;
      double exchanged = (stage.ranks().seconds() - before) / seconds;
      return new Report(seconds, batches.waitShare(), exchanged, complete);
    }
  }

  /** A batch's losses; before the first step, codebooks by k-means on the first images. */
  private record AutoencoderStep(
      Autoencoder model,
      ReconstructionLoss loss,
      DrawTraining draws,
      Batches batches,
      ImageSource images,
      Stage stage,
      LearnLater later)
      implements Step {
    private static final int ROWS_A_CODE = 8;

    private Recipe recipe() {
      return stage.recipe();
    }

    @Override
    public void before(long step) {
      if (step > 0) {
        return;
      }
      // A position of a grid is a row for the codebook that they all share.
      int grid = recipe().architecture().firstGrid();
      int positions = Math.max(1, grid * grid);
      int codes = recipe().architecture().isContinuous() ? 0 : recipe().tokens().codes();
      int rows = ROWS_A_CODE * codes / positions;
      int wanted = Math.min(images.size(), Math.max(positions > 1 ? 64 : 256, rows));
      int batch = Math.min(64, images.size());
      try (NoGradGuard guard = new NoGradGuard();
          Batches first =
              Batches.shuffled(
                  images, batch, recipe().training().seed() + 1, 0, Augmentation.NONE, 1)) {
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
      Training training = recipe().training();
      model.seek(number * training.rows());
      double progress = (double) number / (training.steps() * training.passes());
      Autoencoder.Outcome outcome =
          Autocast.bfloat16(
              training.bf16(),
              Devices.of(model),
              () -> model.forward(pixels, progress, draws.of(number)));
      Map<String, Tensor> parts =
          loss.autoencoder(model, outcome, pixels, number / training.passes());
      draws.score(number, outcome, pixels, parts);
      return new Losses(parts.values().stream().reduce(Tensor::add).orElseThrow(), parts);
    }

    @Override
    public void after(long step) {
      if (later != null) {
        later.learn(stage.ranks()::gather);
        Training training = recipe().training();
        model.seek((step + 1) * training.passes() * training.rows());
      }
    }
  }
}
