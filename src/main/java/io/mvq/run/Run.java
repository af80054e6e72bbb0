package io.mvq.run;

import io.mvq.autoencoder.Autoencoder;
import io.mvq.autoencoder.ImageShape;
import io.mvq.data.format.ImageLimits;
import io.mvq.data.set.Datasets;
import io.mvq.data.set.ImageFolder;
import io.mvq.files.TextFile;
import io.mvq.prior.TokenPrior;
import io.mvq.recipe.Recipe;
import io.mvq.recipe.RecipeJson;
import io.mvq.train.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.pytorch.Device;

/**
 * A run's folder: the recipe, what is known of its images, the checkpoints of an autoencoder and
 * its priors, with a log beside each.
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

  /** Its trained parts: the checkpoints, or what the folder holds if it was exported. */
  public Parts parts() {
    return isExported() ? new Exported(folder) : new Checkpoints(this);
  }

  /** Whether the folder is an export, for inference alone, which nothing can be trained in. */
  public boolean isExported() {
    return Exported.isThere(folder);
  }

  /** Whether it was ever begun. */
  public boolean begun() {
    return Files.exists(recipeFile()) || Checkpoint.exists(checkpoint(autoencoderFolder()));
  }

  /** The recipe it was begun with. */
  public Recipe recipe() throws IOException {
    if (isExported()) {
      return new Exported(folder).config().recipe();
    }
    if (!Files.exists(recipeFile())) { // begun by mvq 0.1
      Path checkpoint = checkpoint(autoencoderFolder());
      if (!Checkpoint.exists(checkpoint)) {
        throw new IOException(
            folder + " holds no trained autoencoder; make one with: mvq train --out " + folder);
      }
      return recipe(Checkpoint.read(checkpoint).recipe(), folder + "'s recipe.json");
    }
    return recipe(TextFile.read(recipeFile()), recipeFile().toString());
  }

  Path recipeFile() {
    return folder.resolve("recipe.json");
  }

  /** What it knows of its images; null if an older mvq began it. */
  public DataFacts dataFacts() throws IOException {
    return isExported() ? new Exported(folder).config().data() : DataFacts.read(folder);
  }

  /**
   * Opens its images: where they are noted, or where the recipe says if that was edited.
   *
   * @param elsewhere where they are now instead; null if they did not move
   * @param damaged what to do with those of a folder that cannot be read
   * @param limits beyond which they count as damaged
   */
  public RunImages images(String elsewhere, ImageFolder.Damaged damaged, ImageLimits limits)
      throws IOException {
    Recipe recipe = recipe();
    if (elsewhere != null) {
      return RunImages.at(elsewhere, recipe, damaged, limits);
    }
    if (isExported()) {
      throw new IOException(
          folder + " is an export, which does not know where its images are; name some");
    }
    return RunImages.at(whereImagesAre(), recipe, damaged, limits);
  }

  /** An absolute path or {@code set:NAME}; of an export, a folder's name without its path. */
  public String whereImagesAre() throws IOException {
    DataFacts facts = dataFacts();
    String named = recipe().data().images();
    boolean noted = facts != null && facts.named().equals(named);
    return noted ? facts.where() : Datasets.absolute(named);
  }

  /** What became of its images since it was begun; null if nothing did, as far as is known. */
  public String changes(RunImages now) throws IOException {
    DataFacts then = dataFacts();
    return then == null ? null : then.changes(now.facts());
  }

  /** Names of its images' classes, in the order of the labels it was trained with. */
  public List<String> classes() throws IOException {
    DataFacts facts = dataFacts();
    return facts == null
        ? images(null, ImageFolder.Damaged.SKIP, ImageLimits.DEFAULT).set().train().classes()
        : facts.classes();
  }

  /** The place of a class among names. */
  public static int label(List<String> classes, String name) {
    int label = classes.indexOf(name);
    if (label < 0) {
      throw new IllegalArgumentException("class must be one of " + classes + ", got " + name);
    }
    return label;
  }

  /** Takes changed images for its own from now on. */
  public void accept(RunImages changed) throws IOException {
    try (RunLock lock = new RunLock(folder)) {
      new RunStart(this).accept(changed);
    }
  }

  /** Takes away its priors, to be trained anew. */
  public void clearPriors() throws IOException {
    try (RunLock lock = new RunLock(folder)) {
      new RunStart(this).clearPriors();
    }
  }

  /**
   * Loads the autoencoder for use on a device, with its prior if that is trained.
   *
   * @throws IOException if something is damaged, or the prior was trained on another autoencoder
   */
  public TrainedModel model(Device device) throws IOException {
    return parts().model(device);
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

  static Recipe recipe(String json, String source) throws IOException {
    try {
      return RecipeJson.read(json, source);
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** Throws early, before hours of training, if nothing can be written here. */
  public void requireWritable() throws IOException {
    if (isExported()) {
      throw new IOException(
          folder + " is an export, for inference alone; train into another folder");
    }
    Files.createDirectories(folder);
    if (!Files.isWritable(folder)) {
      throw new IOException(folder + " is not writable; name another folder with --out");
    }
  }
}
