package io.mvq.run;

import io.mvq.files.Manifest;
import io.mvq.files.Manifest.State;
import java.nio.file.Path;
import java.util.Set;

/** What to do about a file of a run that is not whole: by which command it comes back. */
record Remedies(Run run) {
  static final String MODEL = "model.safetensors";

  private static final String TRAINING = "training.safetensors";
  private static final Set<String> CHECKPOINT =
      Set.of(MODEL, TRAINING, "recipe.json", Manifest.FILE);

  static boolean isOfCheckpoint(String file) {
    return CHECKPOINT.contains(file);
  }

  String recipe() {
    return "copy " + run.folder() + "/autoencoder/checkpoint/recipe.json here";
  }

  String images() {
    return "delete it; " + resume() + " writes it anew from the images";
  }

  String log() {
    return resume() + " keeps its good lines";
  }

  /** Of the networks that carry their own checksum. */
  String sealed(String file) {
    return file.equals(Looks.FILE)
        ? "needed to resume the autoencoder only; restore a copy of it"
        : "mvq evaluate " + run.folder() + " makes it anew";
  }

  /** Of a file in a stage's checkpoint. @param hasList whether there are checksums */
  String checkpoint(Path stage, String file, State state, boolean hasList) {
    if (state == State.UNLISTED) {
      return !isOfCheckpoint(file)
          ? "no part of the checkpoint"
          : hasList
              ? "the list of checksums lacks it"
              : "an older mvq wrote no checksums: it cannot be checked";
    }
    if (file.equals(TRAINING)) {
      return state == State.MISSING
          ? "needed to resume only: the model works without it"
          : "needed to resume only: delete it, and the model works";
    }
    if (file.equals("recipe.json")) {
      return state == State.MISSING
          ? "copy " + run.folder() + "/recipe.json here"
          : "edited since; a recipe is read as it is";
    }
    if (stage.equals(run.autoencoderFolder())) {
      return "restore a copy of it, or train anew: mvq train --out "
          + run.folder()
          + " --overwrite with the settings that mvq info "
          + run.folder()
          + " lists";
    }
    return resume() + " --retrain-prior";
  }

  private String resume() {
    return "mvq train --out " + run.folder() + " --resume";
  }
}
