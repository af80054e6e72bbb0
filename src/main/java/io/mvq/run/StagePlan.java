package io.mvq.run;

import io.mvq.recipe.MaskPriorKind;
import io.mvq.recipe.Recipe;
import io.mvq.train.Training;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What is to be trained in a stage of a run, for those who watch it.
 *
 * @param name {@code autoencoder}, {@code prior} or {@code masks}
 * @param folder of its log, pictures and checkpoint
 * @param steps in all
 * @param imagesPerStep batch size times accumulated batches
 */
public record StagePlan(String name, Path folder, long steps, int imagesPerStep) {
  /** Of a run that was begun, in the order in which they are trained. */
  public static List<StagePlan> of(Run run) throws IOException {
    Recipe recipe = run.recipe();
    List<StagePlan> stages = new ArrayList<>();
    stages.add(of("autoencoder", run.autoencoderFolder(), recipe.training()));
    stages.add(of("prior", run.priorFolder(), recipe.prior().training()));
    if (recipe.prior().masks() != MaskPriorKind.UNIFORM) {
      stages.add(of("masks", run.masksFolder(), recipe.prior().training()));
    }
    return stages;
  }

  private static StagePlan of(String name, Path folder, Training training) {
    return new StagePlan(name, folder, training.steps(), training.batch() * training.accumulate());
  }
}
