package io.mvq.prior;

import io.mvq.tensor.Devices;
import io.mvq.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;

/**
 * How much of a latent is left after so many steps of noise: the cosine schedule (arXiv 2102.09672,
 * equation 17). After step s, counted from 0, {@code x_s = sqrt(kept(s)) x + sqrt(1 - kept(s))
 * noise} (arXiv 2006.11239, equation 4).
 */
public final class NoiseSchedule {
  private static final double OFFSET = 0.008; // some noise already at the first step
  private static final double MOST = 0.999; // share of the variance that one step may replace

  private final double[] kept;
  private final float[] signals; // sqrt(kept)
  private final float[] scales; // sqrt(1 - kept)

  /** Of so many steps, at least 1; the papers use 1000. */
  public NoiseSchedule(int steps) {
    TokenMap.require(steps >= 1, "steps", "must be at least 1", steps);
    kept = new double[steps];
    signals = new float[steps];
    scales = new float[steps];
    double product = 1;
    for (int s = 0; s < steps; s++) {
      double replaced = 1 - cosine(s + 1, steps) / cosine(s, steps);
      product *= 1 - Math.min(MOST, replaced);
      kept[s] = product;
      signals[s] = (float) Math.sqrt(product);
      scales[s] = (float) Math.sqrt(1 - product);
    }
  }

  private static double cosine(int step, int steps) {
    double c = Math.cos(((double) step / steps + OFFSET) / (1 + OFFSET) * Math.PI / 2);
    return c * c;
  }

  /** Number of steps. */
  public int steps() {
    return kept.length;
  }

  /** Share of the variance that is still the latent's after step s; 1 before the first, s = -1. */
  public double kept(int s) {
    return s < 0 ? 1 : kept[s];
  }

  /**
   * Latents after steps of their own.
   *
   * @param latents (n, floats)
   * @param noise (n, floats), standard normal
   * @param step (n) int64 in [0, steps)
   */
  public Tensor noisy(Tensor latents, Tensor noise, Tensor step) {
    return latents.mul(of(signals, latents, step)).add(noise.mul(of(scales, latents, step)));
  }

  /** The {@link Prediction#VELOCITY} of the same: sqrt(kept) noise - sqrt(1 - kept) latents. */
  Tensor velocity(Tensor latents, Tensor noise, Tensor step) {
    return noise.mul(of(signals, latents, step)).sub(latents.mul(of(scales, latents, step)));
  }

  /** The noise in what is noisy, by its velocity. */
  Tensor noise(Tensor noisy, Tensor velocity, Tensor step) {
    return noisy.mul(of(scales, noisy, step)).add(velocity.mul(of(signals, noisy, step)));
  }

  private static Tensor of(float[] values, Tensor like, Tensor step) {
    Tensor all = Devices.like(Tensors.of(values, values.length), like);
    return all.index_select(0, Devices.like(step, like)).unsqueeze(1);
  }
}
