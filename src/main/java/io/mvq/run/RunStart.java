package io.mvq.run;

import io.mvq.files.OutputFile;
import io.mvq.recipe.Recipe;
import io.mvq.recipe.RecipeJson;
import io.mvq.train.AtomicFolder;
import io.mvq.train.Checkpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What is noted in a run's folder before its first step, checked when it goes on, or cleared. */
record RunStart(Run run) {
  /**
   * Notes the recipe and the images, on the disk before the first step. Images that only moved are
   * noted at their new place.
   *
   * @throws IOException if it was begun with another recipe or other images
   */
  void begin(Recipe recipe, RunImages images) throws IOException {
    DataFacts now = images.facts();
    if (!run.begun()) {
      now.write(run.folder());
      OutputFile.write(run.recipeFile(), RecipeJson.write(recipe));
      return;
    }
    if (!run.recipe().equals(recipe)) {
      throw new IOException(
          run.folder()
              + " was begun with another recipe; --overwrite replaces it, or name another folder");
    }
    DataFacts then = run.dataFacts();
    String changes = then == null ? null : then.changes(now);
    if (changes != null) {
      throw new IOException(
          String.format(
              "the images of %s changed since it was begun: %s; put them back, name them with"
                  + " --images, or go on with these: mvq train --out %s --resume"
                  + " --accept-changed-data",
              run.folder(), changes, run.folder()));
    }
    if (!now.equals(then)) {
      now.write(run.folder());
    }
  }

  /**
   * Takes changed images for the run's from now on.
   *
   * @throws IOException if a prior that knows the classes by their numbers was begun with others
   */
  void accept(RunImages images) throws IOException {
    DataFacts then = run.dataFacts();
    DataFacts now = images.facts();
    boolean named =
        run.recipe().prior().conditional()
            && Checkpoint.exists(Run.checkpoint(run.priorFolder()))
            && then != null
            && !then.classes().equals(now.classes());
    if (named) {
      throw new IOException(
          String.format(
              "the prior in %s draws by classes that changed: %s; train it anew with"
                  + " --retrain-prior, or put the classes back",
              run.folder(), then.changes(now)));
    }
    now.write(run.folder());
  }

  /** Takes away what an earlier run left, what builds on its autoencoder first. */
  void clear() throws IOException {
    clearPriors();
    for (Path left :
        List.of(
            run.autoencoderFolder(),
            run.recipeFile(),
            run.folder().resolve(DataFacts.FILE),
            run.folder().resolve(Usage.FILE))) {
      AtomicFolder.delete(left);
    }
  }

  /** Takes away what was trained on the autoencoder. */
  void clearPriors() throws IOException {
    AtomicFolder.delete(run.masksFolder());
    AtomicFolder.delete(run.priorFolder());
  }
}
