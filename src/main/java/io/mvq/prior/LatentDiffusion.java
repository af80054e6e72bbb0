package io.mvq.prior;

import io.mvq.tensor.Devices;
import io.mvq.tensor.Parameters;
import io.mvq.tensor.Shapes;
import io.mvq.tensor.Tensors;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A prior over continuous latents: denoising diffusion (arXiv 2006.11239), sampled by {@link Ddim}.
 * Call {@link #standardise} once before training.
 */
public final class LatentDiffusion extends Module {
  private final long t;
  private final long d;
  private final NoiseSchedule schedule;
  private final Prediction prediction;
  private final ResidualDenoiser denoiser;
  private final Tensor mean; // (t * d)
  private final Tensor deviation; // (t * d)
  private final Tensor bound; // (1), the greatest standardised value seen

  /**
   * A fresh prior; seed LibTorch before.
   *
   * @param t vectors an image
   * @param d floats a vector
   * @param width of the denoiser, even
   * @param blocks of the denoiser
   * @param steps of noise, e.g. 1000
   * @param prediction what the denoiser tells
   */
  public LatentDiffusion(long t, long d, int width, int blocks, int steps, Prediction prediction) {
    super("LatentDiffusion");
    TokenMap.require(t >= 1, "t", "must be at least 1", t);
    TokenMap.require(d >= 1, "d", "must be at least 1", d);
    TokenMap.require(width >= 2 && width % 2 == 0, "width", "must be even, at least 2", width);
    TokenMap.require(blocks >= 1, "blocks", "must be at least 1", blocks);
    this.t = t;
    this.d = d;
    schedule = new NoiseSchedule(steps);
    this.prediction = prediction;
    denoiser = register_module("denoiser", new ResidualDenoiser(t * d, width, blocks));
    mean = Parameters.buffer(this, "mean", torch.zeros(t * d));
    deviation = Parameters.buffer(this, "deviation", torch.ones(t * d));
    bound = Parameters.buffer(this, "bound", torch.ones(1).mul_(new Scalar(5.0)));
  }

  /** Takes mean and deviation of each float from latents, (n, t, d) with n at least 2. */
  public void standardise(Tensor latents) {
    Tensor rows = rows(latents);
    TokenMap.require(rows.size(0) >= 2, "latents", "must have at least 2 rows", rows.size(0));
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      mean.copy_(rows.mean(0));
      Tensor spread = rows.std(new long[] {0}, true, false);
      // A float that never changes is left as it is.
      deviation.copy_(spread.masked_fill(spread.lt(new Scalar(1e-6)), new Scalar(1.0)));
      Tensor most = standardised(rows).abs().max();
      bound.fill_(most.clamp_min(new Scalar(1.0)));
    }
  }

  /** Mean squared error of the prediction, at a random step a row. @param latents (n, t, d) */
  public Tensor loss(Tensor latents) {
    Tensor rows = standardised(rows(latents));
    long n = rows.size(0);
    Tensor step = torch.rand(n).mul(new Scalar(schedule.steps())).to(ScalarType.Long);
    Tensor noise = Devices.like(torch.randn(n, t * d), rows);
    Tensor there = Devices.like(step, rows);
    Tensor told = denoiser.noise(schedule.noisy(rows, noise, there), there);
    Tensor truth = prediction == Prediction.NOISE ? noise : schedule.velocity(rows, noise, there);
    return torch.mse_loss(told.to(ScalarType.Float), truth);
  }

  /**
   * Draws latents, in evaluation mode and without gradients.
   *
   * @param steps of the sampler, 1 to the steps of training; 50 are many
   * @param seed equal seeds give equal latents
   * @return (n, t, d) on this model's device; retained, so the caller closes it
   */
  public Tensor sample(int n, int steps, long seed) {
    TokenMap.require(n >= 1, "n", "must be at least 1", n);
    boolean training = is_training();
    eval();
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      GeneratorOptional generator = new GeneratorOptional(torch.make_generator_cpu(seed));
      Tensor start = Devices.like(torch.randn(new long[] {n, t * d}, generator), mean);
      Ddim sampler = new Ddim(schedule, steps, Tensors.scalar(bound));
      Tensor rows = sampler.from(start, this::noise).mul(deviation).add(mean);
      return rows.view(n, t, d).retainReference();
    } finally {
      train(training);
    }
  }

  private Tensor noise(Tensor noisy, Tensor step) {
    Tensor told = denoiser.noise(noisy, step);
    return prediction == Prediction.NOISE ? told : schedule.noise(noisy, told, step);
  }

  private Tensor standardised(Tensor rows) {
    return rows.sub(mean).div(deviation);
  }

  private Tensor rows(Tensor latents) {
    Shapes.require(latents, "latents", Shapes.ANY, t, d);
    TokenMap.require(latents.size(0) >= 1, "latents", "must have at least 1 row", 0);
    return Devices.like(latents, mean).flatten(1, -1);
  }
}
