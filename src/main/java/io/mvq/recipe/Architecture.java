package io.mvq.recipe;

import io.mvq.autoencoder.Autoencoder;
import io.mvq.autoencoder.ImageShape;
import io.mvq.prior.TokenMap;
import io.mvq.setting.Choice;
import java.util.List;

/** The autoencoder around the tokens. */
@Choice(flag = "architecture", value = "single", help = "the autoencoder", heading = "Architecture")
public sealed interface Architecture permits Single, Hierarchy, Continuous {
  /** Side of a grid of 1,024 tokens. */
  int MOST_GRID = 32;

  /** Channels of the first convolution. */
  int width();

  /** Side of the map whose positions are tokens, in a hierarchy of its lower level; 0 without. */
  int grid();

  /** Sides that {@link #grid} can have beside 0, the greatest first. */
  default List<Integer> grids(ImageShape shape) {
    return shape.grids().stream().filter(side -> side <= MOST_GRID).toList();
  }

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
