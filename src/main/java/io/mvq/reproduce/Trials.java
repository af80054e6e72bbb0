package io.mvq.reproduce;

import io.mvq.autoencoder.ContinuousAutoencoder;
import io.mvq.autoencoder.TokenAutoencoder;
import io.mvq.data.Dataset;
import io.mvq.metric.FeatureNetwork;
import io.mvq.prior.LatentDiffusion;
import io.mvq.run.AutoencoderTraining;
import io.mvq.run.DiffusionTraining;
import io.mvq.run.Evaluation;
import io.mvq.run.Generation;
import io.mvq.run.MaskPriorTraining;
import io.mvq.run.Models;
import io.mvq.run.PriorTraining;
import io.mvq.run.RealFeatures;
import io.mvq.run.Reconstruction;
import io.mvq.run.Result;
import io.mvq.run.Run;
import io.mvq.run.Stage;
import io.mvq.run.Tokenized;
import io.mvq.train.Checkpoint;
import io.mvq.train.Progress;
import io.mvq.train.Recipe;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Device;

/**
 * Finishes trials in a folder: what is there of the same recipe is kept, a half-trained run is
 * continued, and several processes on one folder share the work.
 */
final class Trials {
  /** Images that a prior learns from, at most. */
  private static final int PRIOR_IMAGES = 20_000;

  /** How a trial went. */
  enum Outcome {
    DONE,
    STOPPED,
    ELSEWHERE
  }

  /** A data set, with the features of the images that distances are made of. */
  private record Measured(Dataset data, RealFeatures train, RealFeatures heldOut) {}

  private final Protocol protocol;
  private final Path folder;
  private final FeatureNetwork features;
  private final Device device;
  private final Progress.Style style;
  private final PrintStream out;
  private final Map<String, Dataset> datasets = new HashMap<>();
  private final Map<String, Measured> measured = new HashMap<>();

  /**
   * Trials of a protocol.
   *
   * @param folder gets {@code trials/} (results) and {@code runs/} (checkpoints)
   */
  Trials(
      Protocol protocol,
      Path folder,
      FeatureNetwork features,
      Device device,
      Progress.Style style,
      PrintStream out) {
    this.protocol = protocol;
    this.folder = folder;
    this.features = features;
    this.device = device;
    this.style = style;
    this.out = out;
  }

  /** The network that distances are measured with. */
  FeatureNetwork features() {
    return features;
  }

  /** Those of the trials that have finished. */
  List<TrialResult> finished(Iterable<Trial> trials) throws IOException {
    List<TrialResult> finished = new ArrayList<>();
    for (Trial trial : trials) {
      TrialResult result = read(trial);
      if (result != null) {
        finished.add(result);
      }
    }
    return finished;
  }

  /** Finishes one, if no other process is at it. */
  Outcome finish(Trial trial) throws IOException {
    if (read(trial) != null) {
      return Outcome.DONE;
    }
    Path locks = Files.createDirectories(folder.resolve("locks"));
    try (FileChannel channel =
            FileChannel.open(
                locks.resolve(trial.id()), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      if (lock == null) {
        return Outcome.ELSEWHERE;
      }
      if (read(trial) == null) {
        Result result = run(trial);
        if (result == null) {
          return Outcome.STOPPED;
        }
        new TrialResult(trial, result).write(results(), protocol);
      }
      return Outcome.DONE;
    }
  }

  /** Draws images from a finished trial; null where its checkpoints are not here. */
  Generation.Sampler sampler(Trial trial) throws IOException {
    Run run = place(trial);
    if (!Checkpoint.exists(Run.checkpoint(run.priorFolder()))
        || Models.isContinuous(trial.recipe(protocol))) {
      return null;
    }
    Run.Trained trained = run.autoencoder(device);
    return Evaluation.sampler(trained.autoencoder(), run.prior(trained), run.masks(trained));
  }

  /** The data set by its name, opened once. */
  Dataset data(String name) throws IOException {
    Dataset data = datasets.get(name);
    if (data == null) {
      data = Run.data(protocol.recipe(name));
      datasets.put(name, data);
    }
    return data;
  }

  private TrialResult read(Trial trial) throws IOException {
    return TrialResult.read(results(), trial, protocol, features.name());
  }

  private Path results() {
    return folder.resolve("trials");
  }

  private Run place(Trial trial) {
    return new Run(folder.resolve("runs").resolve(trial.id()));
  }

  /** Trains and measures; null if it was stopped. */
  private Result run(Trial trial) throws IOException {
    Recipe recipe = trial.recipe(protocol);
    Run run = place(trial);
    run.requireWritable();
    Measured images = measured(trial.dataset());
    AutoencoderTraining.Report report =
        AutoencoderTraining.run(stage(recipe, run.autoencoderFolder()), images.data().train());
    if (!report.complete()) {
      return null;
    }
    return Models.isContinuous(recipe)
        ? continuous(trial, recipe, run, images, report)
        : tokens(trial, recipe, run, images, report);
  }

  private Result tokens(
      Trial trial, Recipe recipe, Run run, Measured images, AutoencoderTraining.Report report)
      throws IOException {
    Run.Trained trained = run.autoencoder(device);
    TokenAutoencoder model = trained.autoencoder();
    Tokenized tokens = Tokenized.of(model, images.data().thinned(PRIOR_IMAGES).train());
    if (!PriorTraining.run(stage(recipe, run.priorFolder()), tokens, model.codes(), 0)) {
      return null;
    }
    if (!recipe.prior().masks().equals("uniform")
        && !MaskPriorTraining.run(stage(recipe, run.masksFolder()), tokens, model.codes())) {
      return null;
    }
    Evaluation evaluation =
        Evaluation.of(
            model,
            Evaluation.sampler(model, run.prior(trained), run.masks(trained)),
            images.train(),
            images.heldOut(),
            tokens,
            trial.seed());
    return Result.of(recipe, model, evaluation, features, report.seconds());
  }

  private Result continuous(
      Trial trial, Recipe recipe, Run run, Measured images, AutoencoderTraining.Report report)
      throws IOException {
    ContinuousAutoencoder model = run.continuous(device);
    LatentDiffusion prior =
        DiffusionTraining.run(
            stage(recipe, run.priorFolder()), model, images.data().thinned(PRIOR_IMAGES).train());
    if (prior == null) {
      return null;
    }
    Generation.Sampler sampler =
        (n, seed) -> model.decode(prior.sample(n, DiffusionTraining.SAMPLING_STEPS, seed)).cpu();
    return Result.continuous(
        recipe,
        model,
        Reconstruction.of(pixels -> model.decode(model.encode(pixels)), images.train(), false),
        Reconstruction.of(pixels -> model.decode(model.encode(pixels)), images.heldOut(), true),
        Generation.of(sampler, images.train(), trial.seed()),
        features,
        report.seconds());
  }

  private Stage stage(Recipe recipe, Path place) {
    return new Stage(recipe, place, true, style, out, device);
  }

  private Measured measured(String name) throws IOException {
    Measured found = measured.get(name);
    if (found == null) {
      Dataset data = data(name);
      Dataset some = data.thinned(protocol.images());
      found =
          new Measured(
              data,
              RealFeatures.of(name + " training", some.train(), features),
              RealFeatures.of(name + " held-out", some.test(), features));
      measured.put(name, found);
    }
    return found;
  }
}
