package io.mvq.run;

import io.mvq.autoencoder.ImageShape;
import io.mvq.autoencoder.MaskedVectorQuantizer;
import io.mvq.autoencoder.MvqAutoencoder;
import io.mvq.autoencoder.TokenAutoencoder;
import io.mvq.autoencoder.VqAutoencoder;
import io.mvq.hypothesis.AutoregressiveMasks;
import io.mvq.hypothesis.BernoulliMasks;
import io.mvq.hypothesis.MaskPrior;
import io.mvq.hypothesis.MultipleHypothesesDropout;
import io.mvq.prior.PixelCnn;
import io.mvq.prior.TokenMap;
import io.mvq.prior.TokenPrior;
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
  public static TokenPrior prior(Recipe recipe, int[] codes, int classes) {
    Recipe.Prior prior = recipe.prior();
    TokenMap map = TokenMap.row(codes);
    int known = prior.conditional() ? classes : 0;
    return switch (prior.kind()) {
      case "transformer" ->
          new TokenTransformer(
              map, known, prior.width(), prior.layers(), prior.heads(), prior.dropout());
      case "pixelcnn" -> new PixelCnn(map, known, prior.width(), prior.layers(), prior.dropout());
      default -> throw new IllegalArgumentException("no prior " + prior.kind());
    };
  }

  /** The prior over masks that a recipe names, not uniform; seed LibTorch first. */
  public static MaskPrior maskPrior(Recipe recipe, int[] codes, long winners, long bits) {
    Recipe.Prior prior = recipe.prior();
    return switch (prior.masks()) {
      case "bernoulli" -> new BernoulliMasks(codes, winners, bits, prior.width());
      case "autoregressive" -> new AutoregressiveMasks(codes, winners, bits, prior.width());
      default -> throw new IllegalArgumentException("no mask prior " + prior.masks());
    };
  }

  private static VectorQuantizer quantizer(Recipe.Model model, int width) {
    return new VectorQuantizer(
        model.codes(),
        width,
        Math.min(model.codebookWidth(), width),
        new Codebook.Learning(model.codebookDecay(), model.deadAfter(), model.cosine()));
  }
}
