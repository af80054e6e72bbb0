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
import io.mvq.train.Checkpoint;
import java.io.IOException;
import java.nio.file.Path;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Module;

/** Makes a trained model of a run's checkpoints. */
record RunLoader(Run run) {
  /** The autoencoder on a device, with its priors as far as they are trained. */
  TrainedModel load(Device device) throws IOException {
    Checkpoint checkpoint = read(run.autoencoderFolder(), "autoencoder");
    Recipe recipe = Run.recipe(checkpoint.recipe(), run.folder() + "'s recipe.json");
    Autoencoder model = Run.autoencoder(recipe);
    use(checkpoint, model, device);
    return model instanceof ContinuousAutoencoder latents
        ? new LatentModel(recipe, latents, diffusion(recipe, latents))
        : withPriors(recipe, (TokenAutoencoder) model);
  }

  private TokenModel withPriors(Recipe recipe, TokenAutoencoder model) throws IOException {
    if (!isThere(run.priorFolder())) {
      return new TokenModel(recipe, model);
    }
    Checkpoint checkpoint = readPrior(run.priorFolder(), "prior");
    Recipe own = Run.recipe(checkpoint.recipe(), "the prior's recipe.json");
    int classes = own.prior().conditional() ? run.classes().size() : 0;
    TokenPrior prior = Run.prior(own, model.codes(), classes);
    use(checkpoint, prior, Devices.of(model));
    return new TokenModel(recipe, model, prior, masks(recipe, model));
  }

  /** As the model draws them, or from the mask prior: as the recipe has it. */
  private MaskChoice masks(Recipe recipe, TokenAutoencoder model) throws IOException {
    if (recipe.prior().masks() == MaskPriorKind.UNIFORM) {
      return model::drawMasks;
    }
    if (!isThere(run.masksFolder())) {
      return (tokens, seed) -> {
        throw new IllegalArgumentException(
            run.folder() + " holds no trained mask prior; train it to its end with --resume");
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
    use(readPrior(run.masksFolder(), "mask prior"), prior, Devices.of(model));
    return prior::sample;
  }

  private LatentDiffusion diffusion(Recipe recipe, ContinuousAutoencoder model) throws IOException {
    if (!isThere(run.priorFolder())) {
      return null;
    }
    Checkpoint checkpoint = readPrior(run.priorFolder(), "prior");
    LatentDiffusion prior =
        ((DiffusionPrior) recipe.prior()).prior(model.latents(), model.codeWidth());
    use(checkpoint, prior, Devices.of(model));
    return prior;
  }

  private static boolean isThere(Path stage) {
    return Checkpoint.exists(Run.checkpoint(stage));
  }

  private static void use(Checkpoint checkpoint, Module module, Device device) {
    checkpoint.loadForUse(module);
    module.to(device, false);
    module.eval();
  }

  private Checkpoint readPrior(Path stage, String what) throws IOException {
    Checkpoint checkpoint = read(stage, what);
    Identity.of(run).requireTrainedOn(checkpoint, what, run.folder());
    return checkpoint;
  }

  private Checkpoint read(Path stage, String what) throws IOException {
    if (!isThere(stage)) {
      throw new IOException(
          run.folder()
              + " holds no trained "
              + what
              + "; make one with: mvq train --out "
              + run.folder());
    }
    return Checkpoint.read(Run.checkpoint(stage));
  }
}
