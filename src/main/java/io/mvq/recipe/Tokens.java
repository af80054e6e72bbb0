package io.mvq.recipe;

import io.mvq.quantize.Bottleneck;
import io.mvq.setting.Choice;
import io.mvq.setting.Kind;

/** What makes tokens: the system. */
@Choice(flag = "system", value = "mvq", help = "what makes tokens", heading = "Tokens")
public sealed interface Tokens permits Vq, Mvq, Residual, Gumbel, Concrete, Fsq, Lfq {
  /** T1, tokens of the base codebook an image. */
  int baseTokens();

  /** T2, tokens that are masked; without masks plain tokens more, or 0. */
  int secondaryTokens();

  /** K, codes to choose from at a token. */
  int codes();

  /**
   * A fresh bottleneck; seed LibTorch first.
   *
   * @param grid side of the map whose positions are the tokens; 0 for T1 + T2 tokens
   * @param seed of the masks
   */
  Bottleneck bottleneck(int grid, long seed);

  /** Plain tokens of the same kind for a hierarchy's lower level. */
  Tokens below(int count);

  /** C, bits a mask; 0 without masks. */
  default int maskWidth() {
    return 0;
  }

  /** Whether images have masks. */
  default boolean masked() {
    return maskWidth() > 0;
  }

  /** The name of its kind. */
  default String system() {
    return getClass().getAnnotation(Kind.class).value();
  }
}
