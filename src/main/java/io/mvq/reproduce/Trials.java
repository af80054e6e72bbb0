package io.mvq.reproduce;

import io.mvq.autoencoder.BottleneckAutoencoder;
import io.mvq.data.Dataset;
import io.mvq.metric.FeatureNetwork;
import io.mvq.recipe.RecipeJson;
import io.mvq.run.Evaluation;
import io.mvq.run.Features;
import io.mvq.run.Generation;
import io.mvq.run.Pipeline;
import io.mvq.run.RealFeatures;
import io.mvq.run.Result;
import io.mvq.run.Run;
import io.mvq.run.RunImages;
import io.mvq.train.Checkpoint;
import io.mvq.train.CheckpointInterval;
import io.mvq.train.Progress;
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
  private record Measured(Dataset data, List<Evaluation.Real> networks) {}

  private final Protocol protocol;
  private final Path folder;
  private final TrialsFile file;
  private final FeatureNetwork features;
  private final Device device;
  private final Progress.Style style;
  private final PrintStream out;
  private final Map<String, RunImages> datasets = new HashMap<>();
  private final Map<String, Measured> measured = new HashMap<>();

  /**
   * Trials of a protocol.
   *
   * @param folder gets {@code trials.jsonl} (results) and {@code runs/} (checkpoints)
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
    this.file = new TrialsFile(folder.resolve("trials.jsonl"));
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
        boolean bf16 = trial.recipe(protocol).training().bf16();
        file.append(new TrialResult(trial, bf16, results).line(protocol));
      }
      return Outcome.DONE;
    }
  }

  /** Draws images from a finished trial; null where its checkpoints are not here. */
  Generation.Sampler sampler(Trial trial) throws IOException {
    Run run = place(trial);
    return Checkpoint.exists(Run.checkpoint(run.priorFolder()))
        ? run.model(device).sampler()
        : null;
  }

  /** A finished trial's autoencoder of one level; null where its checkpoint is not here. */
  BottleneckAutoencoder autoencoder(Trial trial) throws IOException {
    Run run = place(trial);
    if (read(trial) == null || !Checkpoint.exists(Run.checkpoint(run.autoencoderFolder()))) {
      return null;
    }
    return run.model(device).autoencoder() instanceof BottleneckAutoencoder single ? single : null;
  }

  /** The data set by its name. */
  Dataset data(String name) throws IOException {
    return images(name).set();
  }

  private RunImages images(String name) throws IOException {
    RunImages images = datasets.get(name);
    if (images == null) {
      images = RunImages.of(protocol.recipe(name, Map.of()));
      datasets.put(name, images);
    }
    return images;
  }

  private TrialResult read(Trial trial) throws IOException {
    return file.find(trial, protocol, features.name());
  }

  /** Each recipe has a folder of its own: no run is continued under another one. */
  private Run place(Trial trial) {
    String recipe = RecipeJson.changes(trial.recipe(protocol)).toString();
    String name = String.format("%s.%08x", trial.id(), recipe.hashCode());
    return new Run(folder.resolve("runs").resolve(name));
  }

  /** Trains and measures with each network; nothing if it was stopped. */
  private List<Result> run(Trial trial) throws IOException {
    Run run = place(trial);
    run.requireWritable();
    Measured images = measured(trial.dataset());
    Pipeline.Finished trained =
        new Pipeline(
                trial.recipe(protocol), run, true, style, out, device, CheckpointInterval.DEFAULT)
            .train(images(trial.dataset()), images.data().thinned(PRIOR_IMAGES).train())
            .orElse(null);
    List<Result> results = new ArrayList<>();
    if (trained != null) {
      out.println("measuring " + trial.id());
      List<Evaluation> evaluations =
          Evaluation.of(trained.model(), trained.usage(), images.networks(), trial.seed());
      for (int i = 0; i < evaluations.size(); i++) {
        FeatureNetwork network = images.networks().get(i).train().network();
        results.add(Result.of(trained.model(), evaluations.get(i), network, trained.seconds()));
      }
    }
    return results;
  }

  private Measured measured(String name) throws IOException {
    Measured found = measured.get(name);
    if (found == null) {
      out.println("measuring the real images of " + name);
      Dataset data = data(name);
      Dataset some = data.thinned(protocol.images());
      List<Evaluation.Real> networks = new ArrayList<>(List.of(real(name, some, features)));
      if (protocol.classifierSteps() > 0) {
        networks.add(real(name, some, classifier(name, data)));
      }
      found = new Measured(data, networks);
      measured.put(name, found);
    }
    return found;
  }

  private static Evaluation.Real real(String name, Dataset some, FeatureNetwork network) {
    return Evaluation.Real.of(
        RealFeatures.of(name + " training", some.train(), network),
        RealFeatures.of(name + " held-out", some.test(), network));
  }

  /**
   * The data set's classifier, trained by whichever process needs it first, on the images that no
   * look learned from.
   */
  private FeatureNetwork classifier(String name, Dataset data) throws IOException {
    Path folder = Files.createDirectories(this.folder.resolve("classifiers"));
    int side = protocol.recipe(name, Map.of()).data().side();
    String kind = String.format("-%d.half.%d", side, protocol.classifierSteps());
    String file = name.replaceAll("[^A-Za-z0-9.-]+", "-") + kind;
    try (FileChannel channel =
            FileChannel.open(
                folder.resolve(file + ".lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      out.println("the classifier of " + name + ", trained where it is not there yet");
      Features.Making making = new Features.Making(protocol.classifierSteps(), 1, true);
      return Features.of(data, folder.resolve(file + ".safetensors"), making);
    }
  }
}
