package io.mvq.recipe;

import io.mvq.prior.TokenMap;
import io.mvq.prior.TokenPrior;
import io.mvq.setting.Choice;
import io.mvq.setting.Kind;
import io.mvq.train.Training;

/** What new images come from. */
@Choice(
    flag = "prior",
    value = "transformer",
    help = "what learns which tokens go together",
    heading = "Prior")
public sealed interface Prior permits TransformerPrior, PixelCnnPrior, DiffusionPrior {
  /** Floats a position. */
  int width();

  /** How it and, if learned, the prior of the masks are trained. */
  Training training();

  /**
   * A fresh prior over tokens; seed LibTorch first.
   *
   * @param classes that the images have, for a conditional one
   */
  default TokenPrior prior(TokenMap map, int classes) {
    throw new IllegalArgumentException(name() + " is no prior over tokens");
  }

  /** Whether it learns the images' classes too. */
  default boolean conditional() {
    return false;
  }

  /** Share of the examples whose class is hidden while training; 0 where it learns no classes. */
  default double classDropout() {
    return 0;
  }

  /** Where masks of new images come from. */
  default MaskPriorKind masks() {
    return MaskPriorKind.UNIFORM;
  }

  /** The name of its kind. */
  default String name() {
    return getClass().getAnnotation(Kind.class).value();
  }
}
