package io.mvq.cli;

import io.mvq.recipe.Recipe;
import io.mvq.run.DataFacts;
import io.mvq.run.ExportConfig;
import io.mvq.run.Exported;
import io.mvq.run.Identity;
import io.mvq.run.Run;
import io.mvq.train.Checkpoint;
import java.io.IOException;
import java.nio.file.Path;

/** What a run's folder holds, for people. */
final class RunInfo {
  private RunInfo() {}

  static String of(Run run) throws IOException {
    Recipe recipe = run.recipe();
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            "%s: %s, %s, %dx%d pixels, %s%n",
            run.folder(),
            recipe.architecture().system(),
            recipe.data().images(),
            recipe.data().side(),
            recipe.data().side(),
            recipe.data().channels() == 1 ? "grey" : "RGB"));
    DataFacts images = run.dataFacts();
    if (images != null) {
      text.append(
          String.format(
              "  images: %s, %d to train on, %d held out, %d classes%n",
              images.where(), images.training(), images.heldOut(), images.classes().size()));
    }
    if (run.isExported()) {
      ExportConfig export = new Exported(run.folder()).config();
      text.append(
          String.format(
              "  an export for inference, %s; autoencoder, prior and masks of %d, %d and %d steps%n"
                  + "  model %s, which code files name%n",
              export.dtype(),
              export.steps().autoencoder(),
              export.steps().prior(),
              export.steps().masks(),
              export.identity()));
    }
    stage(text, "autoencoder", run.autoencoderFolder());
    if (Checkpoint.exists(Run.checkpoint(run.autoencoderFolder()))) {
      text.append(String.format("  model %s, which code files name%n", Identity.of(run)));
    }
    stage(text, "prior", run.priorFolder());
    stage(text, "masks", run.masksFolder());
    text.append(RunUsage.of(run));
    text.append("settings that are not the defaults:\n");
    recipe
        .changedFlags()
        .forEach((flag, value) -> text.append(String.format("  --%s %s%n", flag, value)));
    return text.toString();
  }

  private static void stage(StringBuilder text, String name, Path folder) throws IOException {
    if (Checkpoint.exists(Run.checkpoint(folder))) {
      Checkpoint checkpoint = Checkpoint.read(Run.checkpoint(folder));
      long floats =
          checkpoint.weights().values().stream().mapToLong(tensor -> tensor.numel()).sum();
      text.append(String.format("  %s, %d steps, %d numbers%n", name, checkpoint.step(), floats));
    }
  }
}
