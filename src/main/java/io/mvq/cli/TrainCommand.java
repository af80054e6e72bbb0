package io.mvq.cli;

import io.mvq.Training;
import io.mvq.data.format.ImageLimits;
import io.mvq.recipe.Recipe;
import io.mvq.run.Run;
import io.mvq.serve.Model;
import io.mvq.serve.Server;
import io.mvq.serve.Trainings;
import io.mvq.tensor.Ranks;
import io.mvq.tensor.Rendezvous;
import io.mvq.train.EvaluationInterval;
import io.mvq.train.Progress;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
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
      "  mvq train --data photos/ --out run --serve     the same, to be watched in the browser",
      "  mvq train --out run --resume                   continues an interrupted run",
      "  mvq train --out run --resume --images photos2  the same, its images having moved",
      "  mvq train --system vq --codes 64 --out base    the plain VQ baseline",
      "  mvq train --data photos/ --out run --ranks 4   in four processes on this machine"
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
      names = "--accept-changed-data",
      description = "with --resume: go on though images were added, removed or renamed since")
  private boolean acceptChangedData;

  @Option(
      names = "--retrain-prior",
      description = "with --resume: train the prior anew, e.g. as it is another autoencoder's")
  private boolean retrainPrior;

  @Mixin private RunImagesFlag images;
  @Mixin private CheckpointFlags checkpoints;

  @Option(
      names = "--evaluate-every",
      paramLabel = "STEPS",
      description =
          "look at held-out images: losses, usage of the codebooks, pictures; 0 for never; changes no"
              + " result (default: 500, or a hundredth of more than 50000)")
  private Long evaluateEvery;

  @Option(
      names = "--progress",
      defaultValue = "AUTO",
      description = "${COMPLETION-CANDIDATES} (default: AUTO, a bar on a terminal)")
  private Progress.Style progress;

  @Option(
      names = "--serve",
      description = "show the training in the browser, on this machine; prints the address")
  private boolean serve;

  @Mixin private ImageFlags imageFlags;
  @Mixin private Threads threads;
  @Mixin private DeviceFlag device;
  @Mixin private RankFlags rankFlags;

  @Override
  public Integer call() throws Exception {
    Rendezvous at = rankFlags.rendezvous();
    int toStart = rankFlags.toStart(at);
    if (toStart > 0) {
      return new TrainInRanks(spec, new Run(out), System.out).train(toStart, rankFlags.restarts());
    }
    threads.apply(at.count() > 1 ? 1 : 0);
    return train(at, rankFlags.join(at));
  }

  private int train(Rendezvous at, Ranks ranks) throws IOException {
    ImageLimits limits = imageFlags.limits();
    String on = at.count() > 1 ? device.name(at.local()) : device.name();
    Run run = new Run(out);
    if (ranks.leads()) {
      check(run);
    }
    Training training =
        resume
            ? Training.resume(out)
            : Training.replace(RecipeFlags.recipe(spec, RankFlags.shards(at.count())), out);
    Training.Options options =
        new Training.Options(
            images.given(),
            acceptChangedData,
            retrainPrior,
            limits,
            on,
            checkpoints.interval(),
            evaluations(),
            progress,
            ranks.leads() ? System.out : Training.SILENCE,
            ranks);
    run.requireWritable();
    try (Server page = serve && ranks.leads() ? page() : null;
        Farewell farewell =
            ranks.leads() ? Farewell.of(() -> howToContinue(run, training.recipe())) : null) {
      boolean complete = training.run(options, step -> true);
      if (complete && ranks.leads()) {
        System.out.println("run in " + out + "; try: mvq sample " + out);
      }
      return complete ? 0 : 130; // what Ctrl-C leaves
    }
  }

  /** Throws unless what is asked for fits what is there. */
  private void check(Run run) throws IOException {
    boolean begun = run.begun();
    if (resume && !begun) {
      throw new ParameterException(
          spec.commandLine(), out + " holds no run to resume; leave out --resume to begin one");
    }
    if (begun && !resume && !overwrite) {
      throw new ParameterException(
          spec.commandLine(),
          out + " already holds a run; --resume continues it, --overwrite replaces it");
    }
    if (resume && !RecipeFlags.given(spec).isEmpty()) {
      throw new ParameterException(
          spec.commandLine(),
          "--resume goes on with the recipe the run was begun with; leave out --"
              + String.join(", --", RecipeFlags.given(spec).keySet()));
    }
    if (!resume && (acceptChangedData || retrainPrior || images.given() != null)) {
      throw new ParameterException(
          spec.commandLine(),
          "--images, --accept-changed-data and --retrain-prior go with --resume; a new run's images"
              + " are named by --data");
    }
  }

  /**
   * The page of the training alone: a model beside it would take its time, and its random numbers.
   */
  private Server page() throws IOException {
    Model none =
        Model.none(
            "this page shows the training alone; mvq serve " + out + " beside it shows the model");
    InetAddress here = InetAddress.getLoopbackAddress();
    Trainings trainings = new Trainings(List.of(out));
    Server page =
        Serving.open(
            here.getHostAddress(),
            null,
            port -> new Server(none, trainings, out.toString(), here, port, 1));
    System.out.println("the training is at " + page.url());
    return page;
  }

  private EvaluationInterval evaluations() {
    try {
      return evaluateEvery == null ? null : new EvaluationInterval(evaluateEvery);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("--" + e.getMessage(), e);
    }
  }

  private static String howToContinue(Run run, Recipe recipe) {
    boolean begun;
    try {
      begun = run.begun() && run.recipe().equals(recipe);
    } catch (IOException e) {
      begun = false;
    }
    return begun
        ? "stopping; continue with: mvq train --out " + run.folder() + " --resume"
        : "stopped before the first step; the same command begins anew";
  }
}
