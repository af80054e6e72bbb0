package io.mvq.cli;

import io.mvq.data.Dataset;
import io.mvq.recipe.Recipe;
import io.mvq.run.Pipeline;
import io.mvq.run.Run;
import io.mvq.train.Checkpoint;
import io.mvq.train.Progress;
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
    abbreviateSynopsis = true,
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
          "--resume goes on with the recipe the run was begun with; leave out --"
              + String.join(", --", RecipeFlags.given(spec).keySet()));
    }
    Recipe recipe = begun && resume ? run.recipe() : RecipeFlags.recipe(spec);
    run.requireWritable();
    Dataset data = Run.data(recipe);
    System.out.printf(
        "%s: %d training images, %d held out; on %s%n",
        data.name(), data.train().size(), data.test().size(), on.str().getString());
    boolean complete =
        new Pipeline(recipe, run, resume, progress, System.out, on).train(data.train()).isPresent();
    System.out.println(
        complete
            ? "run in " + out + "; try: mvq sample " + out
            : "stopped; continue with: mvq train --out " + out + " --resume");
    return complete ? 0 : 130;
  }
}
