package io.mvq.run;

import io.mvq.autoencoder.ImageShape;
import io.mvq.autoencoder.MaskedVectorQuantizer;
import io.mvq.autoencoder.MvqAutoencoder;
import io.mvq.autoencoder.TokenAutoencoder;
import io.mvq.autoencoder.VqAutoencoder;
import io.mvq.hypothesis.MultipleHypothesesDropout;
import io.mvq.prior.TokenTransformer;
import io.mvq.quantize.Codebook;
import io.mvq.quantize.VectorQuantizer;
import io.mvq.train.Recipe;
import java.util.stream.IntStream;

/** Fresh models as a recipe describes them. */
public final class Models {
  private Models() {}

  /** The autoencoder; seed LibTorch first. */
  public static TokenAutoencoder autoencoder(Recipe recipe) {
    Recipe.Model model = recipe.model();
    ImageShape shape = new ImageShape(recipe.data().channels(), recipe.data().side());
    if (model.system().equals("vq")) {
      VectorQuantizer[] quantizers =
          IntStream.range(0, model.baseTokens() + model.secondaryTokens())
              .mapToObj(token -> quantizer(model, model.codeWidth()))
              .toArray(VectorQuantizer[]::new);
      return new VqAutoencoder(
          shape, model.width(), quantizers, model.codeWidth(), model.commitment());
    }
    MultipleHypothesesDropout dropout =
        new MultipleHypothesesDropout(
            new MultipleHypothesesDropout.Settings(
                model.secondaryTokens(),
                model.maskWidth(),
                model.baseTokens(),
                model.codeWidth(),
                model.hypotheses(),
                model.dropout(),
                model.winnerPerToken(),
                model.headHidden(),
                recipe.training().seed()));
    return new MvqAutoencoder(
        shape,
        model.width(),
        new MaskedVectorQuantizer(
            quantizer(model, model.codeWidth()), quantizer(model, model.maskWidth()), dropout),
        model.commitment(),
        model.winnerWeight());
  }

  /** The prior over an autoencoder's tokens; seed LibTorch first. */
  public static TokenTransformer prior(Recipe recipe, int[] codes, int classes) {
    Recipe.Prior prior = recipe.prior();
    return new TokenTransformer(
        codes,
        prior.conditional() ? classes : 0,
        prior.width(),
        prior.layers(),
        prior.heads(),
        prior.dropout());
  }

  private static VectorQuantizer quantizer(Recipe.Model model, int width) {
    return new VectorQuantizer(
        model.codes(),
        width,
        Math.min(model.codebookWidth(), width),
        new Codebook.Learning(model.codebookDecay(), model.deadAfter(), model.cosine()));
  }
}
