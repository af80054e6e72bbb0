package io.mvq.run;

import io.mvq.autoencoder.Autoencoder;
import io.mvq.autoencoder.ReconstructionLoss;
import io.mvq.data.Augmentation;
import io.mvq.data.Batches;
import io.mvq.data.ImageSource;
import io.mvq.quantize.LearnLater;
import io.mvq.recipe.Recipe;
import io.mvq.tensor.Autocast;
import io.mvq.tensor.Devices;
import io.mvq.train.Losses;
import io.mvq.train.Step;
import io.mvq.train.Training;
import java.util.Map;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** A batch's losses; before the first step, codebooks by k-means on the first images. */
record AutoencoderStep(
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
