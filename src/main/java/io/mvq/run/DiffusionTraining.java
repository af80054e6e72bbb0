package io.mvq.run;

import io.mvq.autoencoder.ContinuousAutoencoder;
import io.mvq.data.Batches;
import io.mvq.data.Dataset;
import io.mvq.data.ImageSource;
import io.mvq.prior.LatentDiffusion;
import io.mvq.recipe.DiffusionPrior;
import io.mvq.tensor.Autocast;
import io.mvq.tensor.Devices;
import io.mvq.tensor.RandomState;
import io.mvq.tensor.Tensors;
import io.mvq.train.Checkpoint;
import io.mvq.train.Losses;
import io.mvq.train.Step;
import io.mvq.train.Training;
import java.io.IOException;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Stage 2 of an autoencoder without tokens: trains diffusion on its latents. */
public final class DiffusionTraining {
  /** DDIM's steps an image. */
  public static final int SAMPLING_STEPS = 50;

  private DiffusionTraining() {}

  /**
   * Trains into the stage's folder; returns whether all steps are done.
   *
   * @param heldOut what evaluations look at; may be empty
   */
  static boolean run(
      Stage stage, ContinuousAutoencoder model, ImageSource images, ImageSource heldOut)
      throws IOException {
    DiffusionPrior recipe = (DiffusionPrior) stage.recipe().prior();
    Training training = recipe.training();
    RandomState.seed(training.seed());
    LatentDiffusion prior = recipe.prior(model.latents(), model.codeWidth());
    Tensor latents = latents(model, images);
    Checkpoint from = stage.begun();
    if (from == null) {
      prior.standardise(latents);
    }
    Step step =
        batch -> {
          // Chosen by the batch's number, so that a resumed run sees the same rows.
          long[] rows =
              new Random(Stage.rowSeed(training, batch))
                  .longs(training.rows(), 0, latents.size(0))
                  .toArray();
          Tensor some = latents.index_select(0, Tensors.of(rows, rows.length));
          return Losses.of(
              Autocast.bfloat16(training.bf16(), Devices.of(prior), () -> prior.loss(some)));
        };
    return stage.train(
        "diffusion", prior, training, step, from, evaluation(stage, model, prior, heldOut));
  }

  private static StageEvaluation evaluation(
      Stage stage, ContinuousAutoencoder model, LatentDiffusion prior, ImageSource heldOut) {
    if (heldOut.size() == 0) {
      return null;
    }
    Tensor latents = latents(model, Dataset.thinned(heldOut, StageEvaluation.IMAGES));
    return new PriorEvaluation(
        Math.toIntExact(latents.size(0)),
        rows -> prior.loss(latents.narrow(0, rows[0], rows.length)),
        new LatentModel(stage.recipe(), model, prior));
  }

  /** (n, t, d), on the CPU; retained. */
  private static Tensor latents(ContinuousAutoencoder model, ImageSource images) {
    try (PointerScope outer = new PointerScope();
        Batches batches = RealFeatures.batches(images)) {
      TensorVector all = new TensorVector();
      while (batches.hasNext()) {
        try (PointerScope scope = new PointerScope()) {
          all.push_back(model.encode(batches.next().pixels()).cpu());
        }
      }
      return torch.cat(all, 0).retainReference();
    }
  }
}
