package io.mvq.recipe;

import io.mvq.prior.LatentDiffusion;
import io.mvq.prior.Prediction;
import io.mvq.setting.Flag;
import io.mvq.setting.Kind;
import io.mvq.setting.Limits;
import io.mvq.setting.Part;
import io.mvq.train.Training;

/**
 * Diffusion on latents that are not quantized (arXiv 2006.11239, sampled as in 2010.02502).
 *
 * @param width a quarter of the denoiser's
 * @param prediction what the denoiser tells; velocities sample nearer in the same time
 * @param training its own
 */
@Kind(value = DiffusionPrior.NAME, help = "of a continuous architecture's latents")
public record DiffusionPrior(
    @Flag(
            name = "prior-width",
            value = "256",
            label = "FLOATS",
            help = "floats a position of the prior")
        int width,
    @Flag(
            name = "prior-predicts",
            value = "velocity",
            label = "NAME",
            help = "what its denoiser tells of a noisy latent")
        Prediction prediction,
    @Part(
            heading = "Training of the prior",
            prefix = "prior-",
            defaults = {"steps=5000", "learning-rate=5.0E-4", "weight-decay=0.01", "beta2=0.95"})
        Training training)
    implements Prior {
  static final String NAME = "diffusion";

  private static final int BLOCKS = 4;
  private static final int NOISE_STEPS = 1000;
  private static final int WIDENING = 4; // the denoiser's width, times the token priors'

  public DiffusionPrior {
    Limits.atLeast("prior-width", width, 1);
    Limits.present("prior-predicts", prediction);
    Limits.present("prior training", training);
  }

  /** Untrained, for latents (n, t, D); seed LibTorch first. */
  public LatentDiffusion prior(long latents, long codeWidth) {
    return new LatentDiffusion(
        latents, codeWidth, WIDENING * width, BLOCKS, NOISE_STEPS, prediction);
  }
}
