package io.mvq.run;

import io.mvq.train.Checkpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The parts in a run's checkpoints. */
record Checkpoints(Run run) implements Parts {
  @Override
  public Path folder() {
    return run.folder();
  }

  @Override
  public Part autoencoder() throws IOException {
    Path place = Run.checkpoint(run.autoencoderFolder());
    if (!Checkpoint.exists(place)) {
      throw new IOException(
          run.folder()
              + " holds no trained autoencoder; make one with: mvq train --out "
              + run.folder());
    }
    return part(Checkpoint.read(place), run.folder() + "'s recipe.json");
  }

  @Override
  public Part prior() throws IOException {
    return trainedOn(run.priorFolder(), "prior");
  }

  @Override
  public Part masks() throws IOException {
    return trainedOn(run.masksFolder(), "mask prior");
  }

  @Override
  public List<String> classes() throws IOException {
    return run.classes();
  }

  private Part trainedOn(Path stage, String what) throws IOException {
    if (!Checkpoint.exists(Run.checkpoint(stage))) {
      return null;
    }
    Checkpoint checkpoint = Checkpoint.read(Run.checkpoint(stage));
    Identity.of(run).requireTrainedOn(checkpoint, what, run.folder());
    return part(checkpoint, "the " + what + "'s recipe.json");
  }

  private static Part part(Checkpoint checkpoint, String recipe) throws IOException {
    return new Part(
        Run.recipe(checkpoint.recipe(), recipe),
        checkpoint.step(),
        checkpoint.weightsForUse(),
        "the checkpoint");
  }
}
