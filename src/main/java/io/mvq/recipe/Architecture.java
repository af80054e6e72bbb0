package io.mvq.recipe;

import io.mvq.autoencoder.Autoencoder;
import io.mvq.autoencoder.ImageShape;
import io.mvq.prior.TokenMap;
import io.mvq.setting.Choice;

/** The autoencoder around the tokens. */
@Choice(flag = "architecture", value = "single", help = "the autoencoder", heading = "Architecture")
public sealed interface Architecture permits Single, Hierarchy, Continuous {
  /** Channels of the first convolution. */
  int width();

  /** A fresh autoencoder; seed LibTorch first. @param seed of the masks */
  Autoencoder autoencoder(ImageShape shape, long seed);

  /** What makes tokens. @throws IllegalArgumentException without tokens */
  Tokens tokens();

  /** How the tokens lie for a prior. @param codes to choose from at each token */
  TokenMap map(int[] codes);

  /** Side of the grid whose positions the first level's codebooks see as rows; 0 without. */
  int firstGrid();

  /** What tables call it: the tokens' system. */
  String system();

  /** Whether its images have masks. */
  default boolean masked() {
    return false;
  }

  /** Whether it has latents in place of tokens. */
  default boolean isContinuous() {
    return false;
  }
}
