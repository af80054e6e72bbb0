package io.mvq.run;

import io.mvq.autoencoder.ContinuousAutoencoder;
import io.mvq.data.Batches;
import io.mvq.data.ImageSource;
import io.mvq.prior.LatentDiffusion;
import io.mvq.tensor.RandomState;
import io.mvq.tensor.Tensors;
import io.mvq.train.Checkpoint;
import io.mvq.train.Losses;
import io.mvq.train.Recipe;
import io.mvq.train.Step;
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

  private static final int BLOCKS = 4;
  private static final int NOISE_STEPS = 1000;
  private static final int WIDENING = 4; // the denoiser's width, times the token priors'

  private DiffusionTraining() {}

  /** An untrained prior for an autoencoder's latents; seed LibTorch first. */
  public static LatentDiffusion fresh(Recipe recipe, ContinuousAutoencoder model) {
    return new LatentDiffusion(
        model.latents(), model.width(), WIDENING * recipe.prior().width(), BLOCKS, NOISE_STEPS);
  }

  /** Trains into the stage's folder; null if it was stopped. */
  public static LatentDiffusion run(Stage stage, ContinuousAutoencoder model, ImageSource images)
      throws IOException {
    Recipe recipe = stage.recipe();
    Recipe.Training training = recipe.prior().training();
    RandomState.seed(training.seed());
    LatentDiffusion prior = fresh(recipe, model);
    Tensor latents = latents(model, images);
    Checkpoint from = stage.begun();
    if (from == null) {
      prior.standardise(latents);
    }
    Step step =
        batch -> {
          // Chosen by the batch's number, so that a resumed run sees the same rows.
          long[] rows =
              new Random(training.seed() * 1_000_003 + batch)
                  .longs(training.batch(), 0, latents.size(0))
                  .toArray();
          return Losses.of(prior.loss(latents.index_select(0, Tensors.of(rows, rows.length))));
        };
    boolean complete = stage.train("diffusion", prior, training, step, from);
    prior.eval();
    return complete ? prior : null;
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
