package io.mvq;

import io.mvq.data.Dataset;
import io.mvq.data.format.ImageLimits;
import io.mvq.data.set.ImageFolder;
import io.mvq.recipe.Recipe;
import io.mvq.run.Pipeline;
import io.mvq.run.Run;
import io.mvq.run.RunImages;
import io.mvq.run.StageStep;
import io.mvq.tensor.Devices;
import io.mvq.tensor.Ranks;
import io.mvq.train.CheckpointInterval;
import io.mvq.train.EvaluationInterval;
import io.mvq.train.Progress;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Predicate;
import org.bytedeco.pytorch.Device;

/**
 * Trains a run: an autoencoder, then its prior, into a folder that {@link Tokenizer#load} takes.
 * What {@code mvq train} does; both can continue what the other began. Equal recipes give equal
 * bits with as many threads of LibTorch: this takes them as they are ({@link
 * io.mvq.tensor.ComputeThreads}), {@code mvq train} half of the processors unless {@code --threads}
 * says.
 */
public final class Training {
  /** Where nothing is printed. */
  public static final PrintStream SILENCE =
      new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);

  private final Recipe recipe;
  private final Run run;
  private final boolean resumed;

  /**
   * What a training may have beside its recipe; none of it changes a result.
   *
   * @param images where a resumed run's images are now; null if they did not move
   * @param acceptChangedData whether a resumed run takes changed images for its own
   * @param retrainPrior whether a resumed run trains its prior anew
   * @param limits for image files of a folder
   * @param device {@code cpu}, {@code cuda}, {@code cuda:1} and so on, or {@code auto}: a GPU where
   *     one can be used
   * @param interval how often a checkpoint is written
   * @param evaluations how often held-out images are looked at; null for each 500 steps, or each
   *     hundredth of a stage that has more than 50,000
   * @param progress how far it is, for people
   * @param out where that is printed
   * @param ranks who train together, each process alike; the first alone writes
   */
  public record Options(
      String images,
      boolean acceptChangedData,
      boolean retrainPrior,
      ImageLimits limits,
      String device,
      CheckpointInterval interval,
      EvaluationInterval evaluations,
      Progress.Style progress,
      PrintStream out,
      Ranks ranks) {
    /**
     * Alone, on a GPU where one can be used, a checkpoint each 1000 steps or 5 minutes; prints
     * nothing.
     */
    public static final Options QUIET =
        new Options(
            null,
            false,
            false,
            ImageLimits.DEFAULT,
            "auto",
            CheckpointInterval.DEFAULT,
            null,
            Progress.Style.NONE,
            SILENCE,
            Ranks.ALONE);
  }

  private Training(Recipe recipe, Path folder, boolean resumed) {
    this.recipe = recipe;
    this.run = new Run(folder);
    this.resumed = resumed;
  }

  /**
   * A new run.
   *
   * @param recipe what determines it, e.g. {@code Recipe.of(Map.of("data", "photos/"))}
   * @param folder made where it is not there
   * @throws IOException if it holds a run
   */
  public static Training begin(Recipe recipe, Path folder) throws IOException {
    if (new Run(folder).begun()) {
      throw new IOException(
          folder
              + " already holds a run; Training.resume continues it, Training.replace begins anew");
    }
    return new Training(recipe, folder, false);
  }

  /** A new run in the place of one that may be there: that is taken away when this one starts. */
  public static Training replace(Recipe recipe, Path folder) {
    return new Training(recipe, folder, false);
  }

  /**
   * A run that was begun and stopped, continued with its own recipe to the same weights as if it
   * had not been stopped.
   *
   * @throws IOException if there is none
   */
  public static Training resume(Path folder) throws IOException {
    Run run = new Run(folder);
    if (!run.begun()) {
      throw new IOException(folder + " holds no run to resume; Training.begin begins one");
    }
    return new Training(run.recipe(), folder, true);
  }

  /** What determines the run. */
  public Recipe recipe() {
    return recipe;
  }

  /** Trains to the end. */
  public void run() throws IOException {
    run(step -> true);
  }

  /**
   * Trains until it is done or stopped.
   *
   * @param goOn told of each step of each stage, on this thread; false stops, with a checkpoint
   * @return whether all is trained; if not, {@link #resume} continues
   * @throws IOException if images cannot be read or the folder cannot be written, or another
   *     process trains there
   * @throws io.mvq.train.TrainingException if the loss is not finite; the last checkpoint stays
   */
  public boolean run(Predicate<StageStep> goOn) throws IOException {
    return run(Options.QUIET, goOn);
  }

  /** The same with options. */
  public boolean run(Options options, Predicate<StageStep> goOn) throws IOException {
    Device device = Devices.named(options.device());
    run.requireWritable();
    RunImages images =
        resumed
            ? run.images(options.images(), ImageFolder.Damaged.SKIP, options.limits())
            : RunImages.of(recipe, options.limits());
    Dataset set = images.set();
    options
        .out()
        .printf(
            "%s: %d training images, %d held out; on %s%n",
            set.name(), set.train().size(), set.test().size(), device.str().getString());
    if (options.retrainPrior() && options.ranks().leads()) {
      run.clearPriors();
    }
    if (options.acceptChangedData() && options.ranks().leads()) {
      run.accept(images);
    }
    return new Pipeline(
            recipe,
            run,
            resumed,
            options.progress(),
            options.out(),
            device,
            options.interval(),
            options.evaluations(),
            goOn,
            options.ranks())
        .train(images)
        .isPresent();
  }
}
