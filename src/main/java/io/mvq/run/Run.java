package io.mvq.run;

import io.mvq.autoencoder.Autoencoder;
import io.mvq.autoencoder.ContinuousAutoencoder;
import io.mvq.autoencoder.ImageShape;
import io.mvq.autoencoder.TokenAutoencoder;
import io.mvq.data.Dataset;
import io.mvq.data.set.Datasets;
import io.mvq.files.OutputFile;
import io.mvq.files.TextFile;
import io.mvq.hypothesis.MaskPrior;
import io.mvq.prior.LatentDiffusion;
import io.mvq.prior.TokenPrior;
import io.mvq.recipe.DiffusionPrior;
import io.mvq.recipe.MaskPriorKind;
import io.mvq.recipe.Recipe;
import io.mvq.recipe.RecipeJson;
import io.mvq.tensor.Devices;
import io.mvq.train.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Module;

/**
 * A run's folder: the checkpoints of an autoencoder and its priors, with a log beside each.
 *
 * @param folder holds {@code autoencoder/checkpoint}, {@code prior/checkpoint} and, with learned
 *     masks, {@code masks/checkpoint}
 */
public record Run(Path folder) {
  /** Where the autoencoder's checkpoint and log are. */
  public Path autoencoderFolder() {
    return folder.resolve("autoencoder");
  }

  /** Where the prior's checkpoint and log are. */
  public Path priorFolder() {
    return folder.resolve("prior");
  }

  /** Where the mask prior's checkpoint and log are, if the recipe has one. */
  public Path masksFolder() {
    return folder.resolve("masks");
  }

  public static Path checkpoint(Path stage) {
    return stage.resolve("checkpoint");
  }

  /** Whether it was ever begun. */
  public boolean begun() {
    return Files.exists(recipeFile()) || Checkpoint.exists(checkpoint(autoencoderFolder()));
  }

  /** The recipe it was begun with. */
  public Recipe recipe() throws IOException {
    if (!Files.exists(recipeFile())) { // begun by mvq 0.1
      return recipe(read(autoencoderFolder(), "autoencoder").recipe(), folder + "'s recipe.json");
    }
    return recipe(TextFile.read(recipeFile()), recipeFile().toString());
  }

  /**
   * Notes the recipe, on the disk before the first step.
   *
   * @throws IOException if it was begun with another one
   */
  void begin(Recipe recipe) throws IOException {
    if (!begun()) {
      OutputFile.write(recipeFile(), RecipeJson.write(recipe));
    } else if (!recipe().equals(recipe)) {
      throw new IOException(
          folder
              + " was begun with another recipe; --overwrite replaces it, or name another folder");
    }
  }

  /** Takes away what an earlier run left, what builds on its autoencoder first. */
  void clear() throws IOException {
    for (Path stage : List.of(masksFolder(), priorFolder(), autoencoderFolder(), recipeFile())) {
      if (Files.exists(stage)) {
        try (Stream<Path> files = Files.walk(stage)) {
          for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(file);
          }
        }
      }
    }
  }

  private Path recipeFile() {
    return folder.resolve("recipe.json");
  }

  /** Loads the autoencoder for use on a device, with its prior if that is trained. */
  public TrainedModel model(Device device) throws IOException {
    Checkpoint checkpoint = read(autoencoderFolder(), "autoencoder");
    Recipe recipe = recipe(checkpoint.recipe(), folder + "'s recipe.json");
    Autoencoder model = autoencoder(recipe);
    use(checkpoint, model, device);
    return model instanceof ContinuousAutoencoder latents
        ? new LatentModel(recipe, latents, diffusion(recipe, latents))
        : withPriors(recipe, (TokenAutoencoder) model);
  }

  /** The same of a run that has tokens. */
  public TokenModel tokens(Device device) throws IOException {
    recipe().tokens(); // says what it needs, if there are none
    return (TokenModel) model(device);
  }

  /** A fresh autoencoder as a recipe describes it; seed LibTorch first. */
  public static Autoencoder autoencoder(Recipe recipe) {
    ImageShape shape = new ImageShape(recipe.data().channels(), recipe.data().side());
    return recipe.architecture().autoencoder(shape, recipe.training().seed());
  }

  /** A fresh prior over an autoencoder's tokens; seed LibTorch first. */
  public static TokenPrior prior(Recipe recipe, int[] codes, int classes) {
    return recipe.prior().prior(recipe.architecture().map(codes), classes);
  }

  private TokenModel withPriors(Recipe recipe, TokenAutoencoder model) throws IOException {
    if (!Checkpoint.exists(checkpoint(priorFolder()))) {
      return new TokenModel(recipe, model);
    }
    Checkpoint checkpoint = read(priorFolder(), "prior");
    Recipe own = recipe(checkpoint.recipe(), "the prior's recipe.json");
    int classes = own.prior().conditional() ? data(recipe).train().classes().size() : 0;
    TokenPrior prior = prior(own, model.codes(), classes);
    use(checkpoint, prior, Devices.of(model));
    return new TokenModel(recipe, model, prior, masks(recipe, model));
  }

  /** As the model draws them, or from the mask prior: as the recipe has it. */
  private MaskChoice masks(Recipe recipe, TokenAutoencoder model) throws IOException {
    if (recipe.prior().masks() == MaskPriorKind.UNIFORM) {
      return model::drawMasks;
    }
    if (!Checkpoint.exists(checkpoint(masksFolder()))) {
      return (tokens, seed) -> {
        throw new IllegalArgumentException(
            folder + " holds no trained mask prior; train it to its end with --resume");
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
    use(read(masksFolder(), "mask prior"), prior, Devices.of(model));
    return prior::sample;
  }

  private LatentDiffusion diffusion(Recipe recipe, ContinuousAutoencoder model) throws IOException {
    if (!Checkpoint.exists(checkpoint(priorFolder()))) {
      return null;
    }
    Checkpoint checkpoint = read(priorFolder(), "prior");
    LatentDiffusion prior =
        ((DiffusionPrior) recipe.prior()).prior(model.latents(), model.codeWidth());
    use(checkpoint, prior, Devices.of(model));
    return prior;
  }

  private static void use(Checkpoint checkpoint, Module module, Device device) {
    checkpoint.loadForUse(module);
    module.to(device, false);
    module.eval();
  }

  /** Opens the images that a recipe names. */
  public static Dataset data(Recipe recipe) throws IOException {
    return Datasets.open(recipe.data().images(), recipe.data().side(), recipe.data().channels());
  }

  private Checkpoint read(Path stage, String what) throws IOException {
    if (!Checkpoint.exists(checkpoint(stage))) {
      throw new IOException(
          folder + " holds no trained " + what + "; make one with: mvq train --out " + folder);
    }
    return Checkpoint.read(checkpoint(stage));
  }

  private static Recipe recipe(String json, String source) throws IOException {
    try {
      return RecipeJson.read(json, source);
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** Throws early, before hours of training, if nothing can be written here. */
  public void requireWritable() throws IOException {
    Files.createDirectories(folder);
    if (!Files.isWritable(folder)) {
      throw new IOException(folder + " is not writable; name another folder with --out");
    }
  }
}
