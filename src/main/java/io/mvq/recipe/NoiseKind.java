package io.mvq.recipe;

import io.mvq.quantize.NoisyTokens;

/** Random values beside plain tokens. */
public enum NoiseKind {
  /** No values. */
  NONE(null),
  /** -1 or 1. */
  BITS(NoisyTokens.Noise.BITS),
  /** Nearly normal, variance 1. */
  GAUSSIAN(NoisyTokens.Noise.GAUSSIAN);

  private final NoisyTokens.Noise noise;

  NoiseKind(NoisyTokens.Noise noise) {
    this.noise = noise;
  }

  /** How a value is drawn; null for none. */
  NoisyTokens.Noise noise() {
    return noise;
  }
}
