package io.mvq.reproduce;

import io.mvq.autoencoder.BottleneckAutoencoder;
import io.mvq.autoencoder.ContinuousAutoencoder;
import io.mvq.autoencoder.TokenAutoencoder;
import io.mvq.data.Dataset;
import io.mvq.metric.FeatureNetwork;
import io.mvq.prior.LatentDiffusion;
import io.mvq.run.AutoencoderTraining;
import io.mvq.run.DiffusionTraining;
import io.mvq.run.Evaluation;
import io.mvq.run.Features;
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
import io.mvq.train.RecipeJson;
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
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;

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
  private record Measured(Dataset data, List<Real> networks) {}

  /** Real images as one network sees them. */
  private record Real(RealFeatures train, RealFeatures heldOut) {}

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
        List<Result> results = run(trial);
        if (results.isEmpty()) {
          return Outcome.STOPPED;
        }
        new TrialResult(trial, results).write(results(), protocol);
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

  /** A finished trial's autoencoder of one level; null where its checkpoint is not here. */
  BottleneckAutoencoder autoencoder(Trial trial) throws IOException {
    Run run = place(trial);
    if (read(trial) == null || !Checkpoint.exists(Run.checkpoint(run.autoencoderFolder()))) {
      return null;
    }
    return run.autoencoder(device).autoencoder() instanceof BottleneckAutoencoder single
        ? single
        : null;
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

  /** Each recipe has a folder of its own: no run is continued under another one. */
  private Run place(Trial trial) {
    String recipe = RecipeJson.write(trial.recipe(protocol));
    String name = String.format("%s.%08x", trial.id(), recipe.hashCode());
    return new Run(folder.resolve("runs").resolve(name));
  }

  /** Trains and measures with each network; nothing if it was stopped. */
  private List<Result> run(Trial trial) throws IOException {
    Recipe recipe = trial.recipe(protocol);
    Run run = place(trial);
    run.requireWritable();
    Measured images = measured(trial.dataset());
    AutoencoderTraining.Report report =
        AutoencoderTraining.run(stage(recipe, run.autoencoderFolder()), images.data().train());
    if (!report.complete()) {
      return List.of();
    }
    return Models.isContinuous(recipe)
        ? continuous(trial, recipe, run, images, report)
        : tokens(trial, recipe, run, images, report);
  }

  private List<Result> tokens(
      Trial trial, Recipe recipe, Run run, Measured images, AutoencoderTraining.Report report)
      throws IOException {
    Run.Trained trained = run.autoencoder(device);
    TokenAutoencoder model = trained.autoencoder();
    Tokenized tokens = Tokenized.of(model, images.data().thinned(PRIOR_IMAGES).train());
    if (!PriorTraining.run(stage(recipe, run.priorFolder()), tokens, model.codes(), 0)) {
      return List.of();
    }
    if (!recipe.prior().masks().equals("uniform")
        && !MaskPriorTraining.run(stage(recipe, run.masksFolder()), tokens, model.codes())) {
      return List.of();
    }
    Generation.Sampler sampler = Evaluation.sampler(model, run.prior(trained), run.masks(trained));
    List<Result> results = new ArrayList<>();
    for (Real real : images.networks()) {
      Evaluation evaluation =
          Evaluation.of(model, sampler, real.train(), real.heldOut(), tokens, trial.seed());
      results.add(Result.of(recipe, model, evaluation, real.train().network(), report.seconds()));
    }
    return results;
  }

  private List<Result> continuous(
      Trial trial, Recipe recipe, Run run, Measured images, AutoencoderTraining.Report report)
      throws IOException {
    ContinuousAutoencoder model = run.continuous(device);
    LatentDiffusion prior =
        DiffusionTraining.run(
            stage(recipe, run.priorFolder()), model, images.data().thinned(PRIOR_IMAGES).train());
    if (prior == null) {
      return List.of();
    }
    Generation.Sampler sampler =
        (n, seed) -> model.decode(prior.sample(n, DiffusionTraining.SAMPLING_STEPS, seed)).cpu();
    UnaryOperator<Tensor> reconstruct = pixels -> model.decode(model.encode(pixels));
    List<Result> results = new ArrayList<>();
    for (Real real : images.networks()) {
      results.add(
          Result.continuous(
              recipe,
              model,
              Reconstruction.of(reconstruct, real.train(), false),
              Reconstruction.of(reconstruct, real.heldOut(), true),
              Generation.of(sampler, real.train(), trial.seed()),
              real.train().network(),
              report.seconds()));
    }
    return results;
  }

  private Stage stage(Recipe recipe, Path place) {
    return new Stage(recipe, place, true, style, out, device);
  }

  private Measured measured(String name) throws IOException {
    Measured found = measured.get(name);
    if (found == null) {
      Dataset data = data(name);
      Dataset some = data.thinned(protocol.images());
      List<Real> networks = new ArrayList<>(List.of(real(name, some, features)));
      if (protocol.classifierSteps() > 0) {
        networks.add(real(name, some, classifier(name, data)));
      }
      found = new Measured(data, networks);
      measured.put(name, found);
    }
    return found;
  }

  private static Real real(String name, Dataset some, FeatureNetwork network) {
    return new Real(
        RealFeatures.of(name + " training", some.train(), network),
        RealFeatures.of(name + " held-out", some.test(), network));
  }

  /** The data set's classifier, trained by whichever process needs it first. */
  private FeatureNetwork classifier(String name, Dataset data) throws IOException {
    Path folder = Files.createDirectories(this.folder.resolve("classifiers"));
    String file = name.replaceAll("[^A-Za-z0-9.-]+", "-") + "." + protocol.classifierSteps();
    try (FileChannel channel =
            FileChannel.open(
                folder.resolve(file + ".lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      return Features.of(
          data, folder.resolve(file + ".safetensors"), protocol.classifierSteps(), 1);
    }
  }
}
