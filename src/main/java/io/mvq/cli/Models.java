package io.mvq.cli;

import io.mvq.autoencoder.BottleneckAutoencoder;
import io.mvq.autoencoder.ImageShape;
import io.mvq.autoencoder.TokenAutoencoder;
import io.mvq.prior.TokenTransformer;
import io.mvq.train.Recipe;

/** Fresh models as a recipe describes them. */
final class Models {
  private Models() {}

  /** The autoencoder; seed LibTorch first. */
  static TokenAutoencoder autoencoder(Recipe recipe) {
    Recipe.Model model = recipe.model();
    ImageShape shape = new ImageShape(recipe.data().channels(), recipe.data().side());
    return new BottleneckAutoencoder(
        shape, model.width(), model.grid(), Bottlenecks.of(model, recipe.training().seed()));
  }

  /** The prior over an autoencoder's tokens; seed LibTorch first. */
  static TokenTransformer prior(Recipe recipe, int[] codes, int classes) {
    Recipe.Prior prior = recipe.prior();
    return new TokenTransformer(
        codes,
        prior.conditional() ? classes : 0,
        prior.width(),
        prior.layers(),
        prior.heads(),
        prior.dropout());
  }
}
