package io.mvq.run;

import io.mvq.autoencoder.Autoencoder;
import io.mvq.autoencoder.ContinuousAutoencoder;
import io.mvq.autoencoder.ReconstructionLoss;
import io.mvq.autoencoder.TokenAutoencoder;
import io.mvq.data.Batches;
import io.mvq.data.ImageSource;
import io.mvq.metric.Fidelity;
import io.mvq.picture.ImageGrid;
import io.mvq.recipe.PixelLoss;
import io.mvq.recipe.Recipe;
import io.mvq.tensor.Tensors;
import io.mvq.train.RunLog;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * What an autoencoder that is trained makes of some held-out images: its own losses and that of the
 * pixels (opponents and looks are not asked), PSNR, the usage of codebooks and masks, and a
 * picture: the images, below them their reconstructions by the winners' masks, below those by
 * random masks.
 */
final class AutoencoderEvaluation implements StageEvaluation {
  private final Autoencoder module;
  private final Recipe recipe;
  private final ImageSource images;
  private final ReconstructionLoss loss;

  /** Of a model being trained. @param images all of them are looked at */
  AutoencoderEvaluation(Autoencoder module, Recipe recipe, ImageSource images) {
    this.module = module;
    this.recipe = recipe;
    this.images = images;
    boolean absolute = recipe.loss().pixels() == PixelLoss.L1;
    loss =
        new ReconstructionLoss(new ReconstructionLoss.Settings(absolute, 0, 0, 0, 0), null, null);
  }

  @Override
  public void write(long step, RunLog log) throws IOException {
    Map<String, Double> values = losses(step);
    if (module instanceof TokenAutoencoder tokens) {
      values.putAll(Usage.of(tokens, Tokenized.of(tokens, images)).scalars());
    }
    log.scalars(step, values);
    int columns = StageEvaluation.columns(images.side());
    Tensor some = Evaluation.first(images, columns);
    Tensor gallery = Evaluation.gallery(model(), some, SEED);
    int across = Math.toIntExact(some.size(0));
    log.image(step, "reconstructions", ImageGrid.picture(gallery, across, List.of()));
  }

  private TrainedModel model() {
    return module instanceof TokenAutoencoder tokens
        ? new TokenModel(recipe, tokens)
        : new LatentModel(recipe, (ContinuousAutoencoder) module, null);
  }

  private Map<String, Double> losses(long step) {
    double progress = (double) step / recipe.training().steps();
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("held-out/loss", 0.0);
    Fidelity.Sum fidelity = new Fidelity.Sum(false);
    try (Batches batches = RealFeatures.batches(images)) {
      while (batches.hasNext()) {
        try (PointerScope scope = new PointerScope()) {
          Tensor pixels = batches.next().pixels();
          double share = (double) pixels.size(0) / images.size();
          Autoencoder.Outcome outcome = module.forward(pixels, progress);
          loss.autoencoder(module, outcome, pixels, 0)
              .forEach(
                  (name, value) -> {
                    double part = share * Tensors.scalar(value);
                    values.merge("held-out/loss", part, Double::sum);
                    values.merge("held-out/loss/" + name, part, Double::sum);
                  });
          Tensor made = outcome.images().clamp_min(new Scalar(-1)).clamp_max(new Scalar(1)).cpu();
          fidelity.add(pixels, made);
        }
      }
    }
    values.put("held-out/psnr", fidelity.mean().psnr());
    return values;
  }
}
