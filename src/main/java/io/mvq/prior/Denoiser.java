package io.mvq.prior;

import org.bytedeco.pytorch.Tensor;

/** Tells the noise in a noisy latent. */
public interface Denoiser {
  /**
   * The noise expected.
   *
   * @param noisy (n, floats)
   * @param step (n) int64, the step of the {@link NoiseSchedule} that each row is at
   * @return (n, floats)
   */
  Tensor noise(Tensor noisy, Tensor step);
}
