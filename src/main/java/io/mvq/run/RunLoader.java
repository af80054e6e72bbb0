package io.mvq.run;

import io.mvq.autoencoder.Autoencoder;
import io.mvq.autoencoder.ContinuousAutoencoder;
import io.mvq.autoencoder.TokenAutoencoder;
import io.mvq.hypothesis.MaskPrior;
import io.mvq.prior.LatentDiffusion;
import io.mvq.prior.TokenPrior;
import io.mvq.recipe.DiffusionPrior;
import io.mvq.recipe.MaskPriorKind;
import io.mvq.recipe.Recipe;
import io.mvq.tensor.Devices;
import java.io.IOException;
import org.bytedeco.pytorch.Device;

/** Makes a trained model of its parts. */
record RunLoader(Parts parts) {
  /** The autoencoder on a device, with its priors as far as they are trained. */
  TrainedModel load(Device device) throws IOException {
    Part part = parts.autoencoder();
    Autoencoder model = Run.autoencoder(part.recipe());
    part.into(model, device);
    return model instanceof ContinuousAutoencoder latents
        ? new LatentModel(part.recipe(), latents, diffusion(latents))
        : withPriors(part.recipe(), (TokenAutoencoder) model);
  }

  private TokenModel withPriors(Recipe recipe, TokenAutoencoder model) throws IOException {
    Part part = parts.prior();
    if (part == null) {
      return new TokenModel(recipe, model);
    }
    boolean conditional = part.recipe().prior().conditional();
    TokenPrior prior =
        Run.prior(part.recipe(), model.codes(), conditional ? parts.classes().size() : 0);
    part.into(prior, Devices.of(model));
    return new TokenModel(recipe, model, prior, masks(recipe, model));
  }

  /** As the model draws them, or from the mask prior: as the recipe has it. */
  private MaskChoice masks(Recipe recipe, TokenAutoencoder model) throws IOException {
    if (recipe.prior().masks() == MaskPriorKind.UNIFORM) {
      return model::drawMasks;
    }
    Part part = parts.masks();
    if (part == null) {
      return (tokens, seed) -> {
        throw new IllegalArgumentException(
            parts.folder() + " holds no trained mask prior; train it to its end with --resume");
      };
    }
    MaskPrior prior =
        recipe
            .prior()
            .masks()
            .prior(
                model.codes(),
                model.winners(),
                recipe.tokens().maskWidth(),
                recipe.prior().width());
    part.into(prior, Devices.of(model));
    return prior::sample;
  }

  private LatentDiffusion diffusion(ContinuousAutoencoder model) throws IOException {
    Part part = parts.prior();
    if (part == null) {
      return null;
    }
    DiffusionPrior own = (DiffusionPrior) part.recipe().prior();
    LatentDiffusion prior = own.prior(model.latents(), model.codeWidth());
    part.into(prior, Devices.of(model));
    return prior;
  }
}
