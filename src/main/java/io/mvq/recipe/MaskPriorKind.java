package io.mvq.recipe;

import io.mvq.hypothesis.AutoregressiveMasks;
import io.mvq.hypothesis.BernoulliMasks;
import io.mvq.hypothesis.MaskPrior;

/** Where the masks of new images come from. */
public enum MaskPriorKind {
  /** Drawn as in training, or by the mixture head if the model has one. */
  UNIFORM,
  /** Learned from the winners: each bit by itself, given the tokens. */
  BERNOULLI,
  /** Learned from the winners: bit after bit, given the tokens. */
  AUTOREGRESSIVE;

  /**
   * A fresh prior over masks; seed LibTorch first.
   *
   * @param codes to choose from at each token
   * @param winners masks an image
   * @param bits a mask
   * @param width floats a position
   */
  public MaskPrior prior(int[] codes, long winners, long bits, int width) {
    return switch (this) {
      case BERNOULLI -> new BernoulliMasks(codes, winners, bits, width);
      case AUTOREGRESSIVE -> new AutoregressiveMasks(codes, winners, bits, width);
      case UNIFORM -> throw new IllegalArgumentException("uniform masks are not learned");
    };
  }
}
