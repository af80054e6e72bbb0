package io.mvq.cli;

import io.mvq.data.Dataset;
import io.mvq.run.AutoencoderTraining;
import io.mvq.run.MaskPriorTraining;
import io.mvq.run.Models;
import io.mvq.run.PriorTraining;
import io.mvq.run.Run;
import io.mvq.run.Stage;
import io.mvq.run.Tokenized;
import io.mvq.train.Checkpoint;
import io.mvq.train.Progress;
import io.mvq.train.Recipe;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.bytedeco.pytorch.Device;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code mvq train}: an autoencoder, then its prior. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Trains an autoencoder, then a prior over its tokens, into a folder.",
    footer = {
      "",
      "Examples:",
      "  mvq train --data photos/ --out run             2-token MVQ on a folder of images",
      "  mvq train --out run --resume                   continues an interrupted run",
      "  mvq train --system vq --codes 64 --out base    the plain VQ baseline"
    })
final class TrainCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FOLDER",
      description = "where the run goes")
  private Path out;

  @Option(
      names = "--resume",
      description = "continue the run in --out, with the recipe it was begun with")
  private boolean resume;

  @Option(names = "--overwrite", description = "replace the run that is in --out")
  private boolean overwrite;

  @Option(
      names = "--progress",
      defaultValue = "AUTO",
      description = "${COMPLETION-CANDIDATES} (default: AUTO, a bar on a terminal)")
  private Progress.Style progress;

  @Mixin private Threads threads;
  @Mixin private DeviceFlag device;

  @Override
  public Integer call() throws Exception {
    threads.apply();
    Device on = device.get();
    Run run = new Run(out);
    boolean begun = Checkpoint.exists(Run.checkpoint(run.autoencoderFolder()));
    if (begun && !resume && !overwrite) {
      throw new ParameterException(
          spec.commandLine(),
          out + " already holds a run; --resume continues it, --overwrite replaces it");
    }
    if (begun && resume && !RecipeFlags.given(spec).isEmpty()) {
      throw new ParameterException(
          spec.commandLine(),
          "--resume goes on with the recipe the run was begun with; leave out "
              + String.join(", ", RecipeFlags.given(spec)));
    }
    Recipe recipe =
        begun && resume
            ? Checkpoint.read(Run.checkpoint(run.autoencoderFolder())).recipe()
            : RecipeFlags.apply(Recipe.defaults(), spec);
    run.requireWritable();
    return train(recipe, run, resume, progress, System.out, on) ? 0 : 130;
  }

  /** All stages; false if it was stopped before the end. */
  static boolean train(
      Recipe recipe, Run run, boolean resume, Progress.Style style, PrintStream out, Device device)
      throws IOException {
    Dataset data = Run.data(recipe);
    out.printf(
        "%s: %d training images, %d held out; on %s%n",
        data.name(), data.train().size(), data.test().size(), device.str().getString());
    AutoencoderTraining.Report report =
        AutoencoderTraining.run(
            new Stage(recipe, run.autoencoderFolder(), resume, style, out, device), data.train());
    if (!report.complete()) {
      out.println("stopped; continue with: mvq train --out " + run.folder() + " --resume");
      return false;
    }
    out.printf(
        "autoencoder trained in %.0f s, %.1f %% of it waiting for images%n",
        report.seconds(), 100 * report.waitShare());
    if (Models.isContinuous(recipe)) {
      out.println("run in " + run.folder() + "; without tokens there is no prior to train");
      return true;
    }
    Run.Trained trained = run.autoencoder(device);
    Tokenized tokens = Tokenized.of(trained.autoencoder(), data.train());
    boolean complete =
        PriorTraining.run(
            new Stage(recipe, run.priorFolder(), resume, style, out, device),
            tokens,
            trained.autoencoder().codes(),
            data.train().classes().size());
    if (complete && !recipe.prior().masks().equals("uniform")) {
      complete =
          MaskPriorTraining.run(
              new Stage(recipe, run.masksFolder(), resume, style, out, device),
              tokens,
              trained.autoencoder().codes());
    }
    out.println(
        complete ? "run in " + run.folder() + "; try: mvq sample " + run.folder() : "stopped");
    return complete;
  }
}
