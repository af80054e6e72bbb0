package io.mvq.prior;

/** What a denoiser learns to tell of a noisy latent. */
public enum Prediction {
  /** The noise (arXiv 2006.11239, section 3.4). */
  NOISE,
  /**
   * The noise's share less the latent's (arXiv 2202.00512, section 4): where little noise is left
   * its network need not pass the latent on, at the noisiest steps it need not divide by nothing.
   */
  VELOCITY
}
