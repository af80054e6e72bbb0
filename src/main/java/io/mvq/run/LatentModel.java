package io.mvq.run;

import io.mvq.autoencoder.ContinuousAutoencoder;
import io.mvq.data.ImageSource;
import io.mvq.prior.LatentDiffusion;
import io.mvq.prior.Sampling;
import io.mvq.quantize.CodebookUsage;
import io.mvq.recipe.Recipe;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * A model of latents that are not quantized.
 *
 * @param prior diffusion on the latents; null if none is trained yet
 */
public record LatentModel(Recipe recipe, ContinuousAutoencoder autoencoder, LatentDiffusion prior)
    implements TrainedModel {
  @Override
  public boolean hasPrior() {
    return prior != null;
  }

  @Override
  public Tensor sample(int n, int label, Sampling sampling, long seed) {
    if (prior == null) {
      throw new IllegalArgumentException("this run has no trained prior; train it to its end");
    }
    if (label >= 0 || !sampling.equals(Sampling.PLAIN)) {
      throw new IllegalArgumentException(
          "diffusion has no temperature, top-k, top-p, classes or guidance; leave these out");
    }
    return autoencoder.decode(prior.sample(n, DiffusionTraining.SAMPLING_STEPS, seed)).cpu();
  }

  @Override
  public Reconstructor reconstructor() {
    return Reconstructor.plain(pixels -> autoencoder.decode(autoencoder.encode(pixels)));
  }

  @Override
  public List<CodebookUsage> usage(ImageSource images) {
    return List.of();
  }

  @Override
  public Size size() {
    double bits = (double) Float.SIZE * autoencoder.latents() * autoencoder.codeWidth();
    return new Size(Math.toIntExact(autoencoder.latents()), 0, bits, 0);
  }
}
