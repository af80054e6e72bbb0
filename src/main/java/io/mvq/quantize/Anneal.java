package io.mvq.quantize;

/**
 * A value that half a cosine takes from one end to the other in the first part of a training, and
 * that then stays: temperatures and weights of arXiv 2102.12092, appendix A.2.
 *
 * @param from at the start
 * @param to from {@code until} on
 * @param until share of the training, 0..1; 0 begins at {@code to}
 */
public record Anneal(double from, double to, double until) {
  public Anneal {
    if (!(until >= 0 && until <= 1)) {
      throw new IllegalArgumentException("until must be in 0..1, got " + until);
    }
  }

  /** The value when so much of the training is done, 0..1. */
  public double at(double progress) {
    double done = until == 0 ? 1 : Math.min(1, progress / until);
    return to + (from - to) * 0.5 * (1 + Math.cos(Math.PI * done));
  }
}
