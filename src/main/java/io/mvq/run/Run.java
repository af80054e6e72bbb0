package io.mvq.run;

import io.mvq.autoencoder.ContinuousAutoencoder;
import io.mvq.autoencoder.TokenAutoencoder;
import io.mvq.data.Dataset;
import io.mvq.data.set.Datasets;
import io.mvq.hypothesis.MaskPrior;
import io.mvq.prior.TokenPrior;
import io.mvq.tensor.Devices;
import io.mvq.train.Checkpoint;
import io.mvq.train.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.pytorch.Device;

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

  /** A trained autoencoder with its averaged weights, for use, and the recipe it was made by. */
  public record Trained(Recipe recipe, TokenAutoencoder autoencoder) {}

  /** Loads the autoencoder for use on a device. */
  public Trained autoencoder(Device device) throws IOException {
    Checkpoint checkpoint = read(autoencoderFolder(), "autoencoder");
    TokenAutoencoder model = Models.autoencoder(checkpoint.recipe());
    checkpoint.loadForUse(model);
    model.to(device, false);
    model.eval();
    return new Trained(checkpoint.recipe(), model);
  }

  /** Loads an autoencoder without tokens for use on a device. */
  public ContinuousAutoencoder continuous(Device device) throws IOException {
    Checkpoint checkpoint = read(autoencoderFolder(), "autoencoder");
    ContinuousAutoencoder model = Models.continuous(checkpoint.recipe());
    checkpoint.loadForUse(model);
    model.to(device, false);
    model.eval();
    return model;
  }

  /** Loads the prior for use, on the autoencoder's device. */
  public TokenPrior prior(Trained trained) throws IOException {
    Checkpoint checkpoint = read(priorFolder(), "prior");
    TokenPrior prior =
        Models.prior(
            checkpoint.recipe(),
            trained.autoencoder().codes(),
            checkpoint.recipe().prior().conditional()
                ? data(trained.recipe()).train().classes().size()
                : 0);
    checkpoint.loadForUse(prior);
    prior.to(Devices.of(trained.autoencoder()), false);
    prior.eval();
    return prior;
  }

  /**
   * How new images get their masks, by the recipe: as the model draws them, or from the mask prior.
   */
  public MaskChoice masks(Trained trained) throws IOException {
    TokenAutoencoder model = trained.autoencoder();
    if (trained.recipe().prior().masks().equals("uniform")) {
      return model::drawMasks;
    }
    Checkpoint checkpoint = read(masksFolder(), "mask prior");
    MaskPrior prior =
        Models.maskPrior(
            checkpoint.recipe(),
            model.codes(),
            model.winners(),
            checkpoint.recipe().model().maskWidth());
    checkpoint.loadForUse(prior);
    prior.to(Devices.of(model), false);
    prior.eval();
    return prior::sample;
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

  /** Throws early, before hours of training, if nothing can be written here. */
  public void requireWritable() throws IOException {
    Files.createDirectories(folder);
    if (!Files.isWritable(folder)) {
      throw new IOException(folder + " is not writable; name another folder with --out");
    }
  }
}
