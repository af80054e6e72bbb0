package io.mvq.cli;

import io.mvq.autoencoder.TokenAutoencoder;
import io.mvq.data.Dataset;
import io.mvq.metric.SmallClassifier;
import io.mvq.prior.TokenPrior;
import io.mvq.run.Evaluation;
import io.mvq.run.Features;
import io.mvq.run.MaskChoice;
import io.mvq.run.Result;
import io.mvq.run.Run;
import io.mvq.run.Tokenized;
import io.mvq.train.Checkpoint;
import io.mvq.train.RunLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mvq evaluate}: the three numbers, side by side. */
@Command(
    name = "evaluate",
    header = "Measures the reconstructions and samples of a run.",
    mixinStandardHelpOptions = true,
    description = {
      "Measures reconstruction with the winner's mask, with a random mask, and samples from the prior.",
      "The feature network is a small classifier trained on the run's images, so they need classes."
    },
    footer = {"", "Example: mvq evaluate run"})
final class EvaluateCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "RUN", description = "folder of a trained run")
  private Path run;

  @Option(
      names = "--features",
      paramLabel = "FILE",
      description =
          "the classifier's weights, made if missing (default: features.safetensors in the run)")
  private Path features;

  @Option(
      names = "--feature-steps",
      defaultValue = "600",
      description = "training steps of the classifier if it is made (default: 600)")
  private int featureSteps;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "of random masks and samples (default: 1)")
  private long seed;

  @Mixin private Threads threads;
  @Mixin private DeviceFlag device;

  @Override
  public Integer call() throws Exception {
    threads.apply();
    Run place = new Run(run);
    Run.Trained trained = place.autoencoder(device.get());
    Dataset data = Run.data(trained.recipe());
    Path file = features == null ? run.resolve("features.safetensors") : features;
    SmallClassifier network = Features.of(data, file, featureSteps, seed);
    TokenAutoencoder model = trained.autoencoder();
    boolean hasPrior = Checkpoint.exists(Run.checkpoint(place.priorFolder()));
    TokenPrior prior = hasPrior ? place.prior(trained) : null;
    MaskChoice masks = hasPrior ? place.masks(trained) : null;
    Evaluation evaluation =
        Evaluation.of(model, prior, masks, data, Tokenized.of(model, data.train()), network, seed);
    List<Result> results =
        List.of(Result.of(trained.recipe(), model, evaluation, network, trainingSeconds(place)));
    Path json = run.resolve("results.json");
    Files.writeString(json, Result.json(results));
    System.out.print(Result.table(results));
    System.out.println("also in " + json);
    return 0;
  }

  /** As logged; 0 where the log was not kept with the checkpoint. */
  private static double trainingSeconds(Run place) throws IOException {
    Path csv = place.autoencoderFolder().resolve(RunLog.CSV);
    List<RunLog.Row> log = Files.exists(csv) ? RunLog.read(csv) : List.of();
    return log.isEmpty() ? 0 : log.get(log.size() - 1).seconds();
  }
}
