package io.mvq.run;

import io.mvq.Version;
import io.mvq.autoencoder.ContinuousAutoencoder;
import io.mvq.data.Dataset;
import io.mvq.data.ImageSource;
import io.mvq.quantize.CodebookUsage;
import io.mvq.recipe.MaskPriorKind;
import io.mvq.recipe.Recipe;
import io.mvq.recipe.RecipeJson;
import io.mvq.tensor.Autocast;
import io.mvq.tensor.Ranks;
import io.mvq.train.CheckpointInterval;
import io.mvq.train.EvaluationInterval;
import io.mvq.train.Passes;
import io.mvq.train.Progress;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.bytedeco.pytorch.Device;

/**
 * From a recipe to a trained model: the autoencoder, then what new images come from. Whoever trains
 * goes this way.
 *
 * @param recipe what to make
 * @param run where everything goes
 * @param resume go on from the checkpoints there
 * @param device where to train; no part of the recipe, since any device continues any run
 * @param interval how often checkpoints are written; no part of the recipe either
 * @param evaluations how often held-out images are looked at, nor is this; null for the usual
 * @param goOn asked after each step; false stops, with a checkpoint
 * @param ranks who train together, each with a pipeline of its own; the first alone writes
 */
public record Pipeline(
    Recipe recipe,
    Run run,
    boolean resume,
    Progress.Style style,
    PrintStream out,
    Device device,
    CheckpointInterval interval,
    EvaluationInterval evaluations,
    Predicate<StageStep> goOn,
    Ranks ranks) {
  /** Looks at no held-out images, alone; nothing but Ctrl-C stops it. */
  public Pipeline(
      Recipe recipe,
      Run run,
      boolean resume,
      Progress.Style style,
      PrintStream out,
      Device device,
      CheckpointInterval interval) {
    this(
        recipe,
        run,
        resume,
        style,
        out,
        device,
        interval,
        EvaluationInterval.NEVER,
        report -> true,
        Ranks.ALONE);
  }

  /**
   * What came of it.
   *
   * @param usage of the codebooks on the prior's images
   * @param seconds that the autoencoder's training took in this process
   */
  public record Finished(TrainedModel model, List<CodebookUsage> usage, double seconds) {}

  /** Trains all stages; empty if it was stopped before the end, which the next call continues. */
  public Optional<Finished> train(RunImages images) throws IOException {
    return train(images, images.set().train());
  }

  /**
   * The same with a prior that learns from other images, e.g. fewer.
   *
   * @throws IOException if another process trains there, or the run was begun with another recipe
   *     or other images
   */
  public Optional<Finished> train(RunImages images, ImageSource priorImages) throws IOException {
    requirePrecision();
    Passes.of(recipe.training(), ranks);
    Passes.of(recipe.prior().training(), ranks);
    ranks.agree("version", Version.NUMBER);
    ranks.agree("recipe", RecipeJson.changes(recipe).toString());
    ranks.agree("digest of the images", images.facts().digest());
    try (RunLock lock = ranks.leads() ? new RunLock(run.folder()) : null) {
      if (ranks.leads()) {
        begin(images);
      }
      ranks.meet();
      return stages(images.set(), priorImages);
    }
  }

  private void begin(RunImages images) throws IOException {
    RunStart start = new RunStart(run);
    if (!resume) {
      start.clear();
    }
    start.begin(recipe, images);
  }

  private void requirePrecision() {
    boolean wanted = recipe.training().bf16() || recipe.prior().training().bf16();
    String refusal = wanted ? Autocast.refusal(device) : null;
    if (refusal != null) {
      throw new IllegalArgumentException(
          "--precision bf16 cannot be used: " + refusal + "; train with float32");
    }
  }

  private Optional<Finished> stages(Dataset images, ImageSource priorImages) throws IOException {
    AutoencoderTraining.Report report =
        AutoencoderTraining.run(
            stage(run.autoencoderFolder(), null), images.train(), images.test());
    if (!report.complete()) {
      return Optional.empty();
    }
    String exchanging =
        ranks.count() == 1
            ? ""
            : String.format(", %.1f %% for other ranks", 100 * report.exchangeShare());
    out.printf(
        "autoencoder trained in %.0f s, %.1f %% of it waiting for images%s%n",
        report.seconds(), 100 * report.waitShare(), exchanging);
    TrainedModel trained = run.model(device);
    List<CodebookUsage> usage =
        trained instanceof TokenModel tokens
            ? trainOnTokens(tokens, priorImages, images.test())
            : trainOnLatents(
                (ContinuousAutoencoder) trained.autoencoder(), priorImages, images.test());
    return usage == null
        ? Optional.empty()
        : Optional.of(new Finished(run.model(device), usage, report.seconds()));
  }

  /** The usage of the codebooks; null if it was stopped. */
  private List<CodebookUsage> trainOnTokens(
      TokenModel model, ImageSource images, ImageSource heldOut) throws IOException {
    int[] codes = model.autoencoder().codes();
    out.printf("encoding %d images, for the prior to learn from%n", images.size());
    Tokenized tokens = Tokenized.of(model.autoencoder(), images, ranks);
    if (ranks.leads()) {
      Usage.of(model.autoencoder(), tokens).write(run.folder());
    }
    Tokenized unseen =
        heldOut.size() == 0
            ? null
            : Tokenized.of(model.autoencoder(), Dataset.thinned(heldOut, StageEvaluation.IMAGES));
    boolean complete =
        PriorTraining.run(
            priorStage(run.priorFolder()),
            model.autoencoder(),
            tokens,
            unseen,
            images.classes().size());
    if (complete && recipe.prior().masks() != MaskPriorKind.UNIFORM) {
      complete = MaskPriorTraining.run(priorStage(run.masksFolder()), tokens, unseen, codes);
    }
    return complete ? tokens.usage(codes) : null;
  }

  private List<CodebookUsage> trainOnLatents(
      ContinuousAutoencoder model, ImageSource images, ImageSource heldOut) throws IOException {
    Stage stage = priorStage(run.priorFolder());
    return DiffusionTraining.run(stage, model, images, heldOut) ? List.of() : null;
  }

  private Stage priorStage(Path folder) throws IOException {
    return stage(folder, Identity.of(run));
  }

  private Stage stage(Path folder, Identity autoencoder) {
    return new Stage(
        recipe,
        folder,
        resume,
        style,
        out,
        device,
        autoencoder,
        interval,
        evaluations,
        goOn,
        ranks);
  }
}
