package io.mvq.cli;

import io.mvq.autoencoder.ImageShape;
import io.mvq.autoencoder.MaskedVectorQuantizer;
import io.mvq.autoencoder.MvqAutoencoder;
import io.mvq.autoencoder.PatchDiscriminator;
import io.mvq.autoencoder.ReconstructionLoss;
import io.mvq.autoencoder.TokenAutoencoder;
import io.mvq.autoencoder.VqAutoencoder;
import io.mvq.hypothesis.MultipleHypothesesDropout;
import io.mvq.prior.TokenTransformer;
import io.mvq.quantize.Codebook;
import io.mvq.quantize.VectorQuantizer;
import io.mvq.tensor.Parameters;
import io.mvq.train.Recipe;
import io.mvq.train.WeightUpdate;
import java.util.Map;
import java.util.stream.IntStream;

/** Fresh models as a recipe describes them. */
final class Models {
  private Models() {}

  /** The autoencoder; seed LibTorch first. */
  static TokenAutoencoder autoencoder(Recipe recipe) {
    Recipe.Model model = recipe.model();
    ImageShape shape = shape(recipe);
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

  /** The autoencoder's opponent; null for a recipe without one. Draw it after the autoencoder. */
  static PatchDiscriminator discriminator(Recipe recipe) {
    return recipe.reconstruction().adversarial() > 0
        ? new PatchDiscriminator(shape(recipe), recipe.reconstruction().discriminatorWidth())
        : null;
  }

  /** How the discriminator's weights are updated: its own rate, no warm-up, little momentum. */
  static WeightUpdate discriminatorUpdate(Recipe recipe, PatchDiscriminator discriminator) {
    Recipe.Training training =
        recipe
            .with(
                Map.of(
                    "training.learningRate",
                    recipe.reconstruction().discriminatorRate(),
                    "training.warmup",
                    0))
            .training();
    return new WeightUpdate(Parameters.trained(discriminator), training, 0.5);
  }

  /** What the autoencoder and its discriminator minimise. @param discriminator null for none */
  static ReconstructionLoss reconstructionLoss(Recipe recipe, PatchDiscriminator discriminator) {
    Recipe.Reconstruction wanted = recipe.reconstruction();
    return new ReconstructionLoss(
        new ReconstructionLoss.Settings(
            wanted.pixels().equals("l1"),
            wanted.perceptual(),
            wanted.adversarial(),
            wanted.adversarialStart(),
            wanted.adversarialRamp()),
        null,
        discriminator);
  }

  private static ImageShape shape(Recipe recipe) {
    return new ImageShape(recipe.data().channels(), recipe.data().side());
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

  private static VectorQuantizer quantizer(Recipe.Model model, int width) {
    return new VectorQuantizer(
        model.codes(),
        width,
        Math.min(model.codebookWidth(), width),
        new Codebook.Learning(model.codebookDecay(), model.deadAfter(), model.cosine()));
  }
}
