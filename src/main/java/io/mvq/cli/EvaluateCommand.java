package io.mvq.cli;

import io.mvq.data.Dataset;
import io.mvq.files.OutputFile;
import io.mvq.metric.FeatureNetwork;
import io.mvq.metric.Resize;
import io.mvq.metric.SmallClassifier;
import io.mvq.prior.Sampling;
import io.mvq.recipe.DrawScore;
import io.mvq.recipe.LookKind;
import io.mvq.run.Evaluation;
import io.mvq.run.FeatureNetworks;
import io.mvq.run.Features;
import io.mvq.run.Generation;
import io.mvq.run.Guided;
import io.mvq.run.RealFeatures;
import io.mvq.run.Result;
import io.mvq.run.Run;
import io.mvq.run.TrainedModel;
import io.mvq.train.RunLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mvq evaluate}: the three numbers, side by side. */
@Command(
    name = "evaluate",
    header = "Measures the reconstructions and samples of a run.",
    mixinStandardHelpOptions = true,
    description =
        "Measures reconstruction with the winner's mask, with a random mask, and samples "
            + "from the prior. The feature network is a small classifier trained on the run's "
            + "images, so they need classes.",
    footer = {"", "Example: mvq evaluate run"})
final class EvaluateCommand implements Callable<Integer> {
  private static final int PICTURED = 16;

  @Spec private CommandSpec spec;

  /** Whose features the distances are of. */
  enum Network {
    SMALL,
    NSFWJS,
    FID
  }

  @Parameters(index = "0", paramLabel = "RUN", description = "folder of a trained run")
  private Path run;

  @Option(
      names = "--features",
      paramLabel = "FILE",
      description =
          "the classifier's weights, made if missing and refused if made otherwise (default:"
              + " features.safetensors in the run, made anew if made otherwise)")
  private Path featureFile;

  @Option(
      names = "--feature-steps",
      defaultValue = "600",
      description = "training steps of the classifier (default: 600)")
  private int featureSteps;

  @Option(
      names = "--network",
      defaultValue = "SMALL",
      description =
          "${COMPLETION-CANDIDATES}: the small classifier; the Inception-V3 that npm's nsfwjs"
              + " brings, fetched once; or the FID Inception of --weights (default: SMALL)")
  private Network network;

  @Option(
      names = "--weights",
      paramLabel = "FILE",
      description =
          "of the FID Inception (2015-12-05) as safetensors with pytorch-fid's names; for"
              + " --network FID")
  private Path weights;

  @Option(
      names = "--resize",
      defaultValue = "CLEAN",
      description =
          "how images become 299 pixels for FID: ${COMPLETION-CANDIDATES} (default: CLEAN)")
  private Resize resize;

  @Mixin private RunImagesFlag images;

  @Option(
      names = "--count",
      defaultValue = "10000",
      description = "at most so many images a distance, 2000 or more are advised (default: 10000)")
  private int count;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "of random masks, samples and the classifier (default: 1)")
  private long seed;

  @Option(
      names = "--guidance",
      paramLabel = "STRENGTH",
      split = ",",
      description =
          "also measure samples of each class at these strengths, e.g. 1,2,3: how many the"
              + " classifier takes for their class, and their distance")
  private List<Double> guidance = List.of();

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "also write a page with the numbers, curves and pictures, in one file")
  private Path html;

  @Mixin private ImageFlags imageFlags;
  @Mixin private Threads threads;
  @Mixin private DeviceFlag device;

  @Override
  public Integer call() throws Exception {
    threads.apply();
    if (images.given() != null && images.given().matches("\\d+")) {
      throw new IllegalArgumentException(
          "--images says where the images are; how many are measured says --count "
              + images.given());
    }
    imageFlags.limits(); // says early if they are out of range
    Run place = new Run(run);
    Device on = device.get();
    try (Farewell farewell = Farewell.of(() -> "stopped; the same command begins again")) {
      evaluate(place, on);
    }
    return 0;
  }

  private void evaluate(Run place, Device on) throws IOException {
    TrainedModel model = place.model(on);
    Dataset data = images.open(place, imageFlags.limits()).set();
    DrawScore draws = model.recipe().loss().draws();
    if (!guidance.isEmpty()) {
      requireGuidable(model);
    }
    if (network == Network.NSFWJS && draws.look() == LookKind.INCEPTION) {
      throw new IllegalArgumentException(
          "--network NSFWJS cannot measure a run that was trained against it; measure with"
              + " --network SMALL");
    }
    FeatureNetwork features =
        switch (network) {
          case NSFWJS -> FeatureNetworks.nsfwjs(on);
          case FID -> FeatureNetworks.fid(requireWeights(), resize);
          case SMALL -> classifier(data, draws.learns());
        };
    Dataset measured = data.thinned(count);
    System.out.printf(
        "measuring real images: %d to train on, %d held out%n",
        measured.train().size(), measured.test().size());
    Evaluation.Real real =
        Evaluation.Real.of(
            RealFeatures.of("training", measured.train(), features),
            RealFeatures.of("held-out", measured.test(), features));
    System.out.println("measuring reconstructions and samples");
    Evaluation evaluation =
        Evaluation.of(model, model.usage(data.train()), List.of(real), seed).get(0);
    List<Result> results = List.of(Result.of(model, evaluation, features, trainingSeconds(place)));
    Path json = run.resolve("results.json");
    OutputFile.write(json, Result.json(results));
    System.out.print(Result.table(results));
    System.out.println("also in " + json);
    List<String> guided = new ArrayList<>();
    for (double strength : guidance) {
      System.out.println("measuring guidance " + strength);
      SmallClassifier classifier = (SmallClassifier) features;
      String line =
          Guided.of(model, place.classes().size(), strength, real.train(), classifier, seed).line();
      System.out.print(line);
      guided.add(line.strip());
    }
    if (html != null) {
      report(place, model, data, results, guided);
    }
  }

  private void report(
      Run place, TrainedModel model, Dataset data, List<Result> results, List<String> guided)
      throws IOException {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("run", run.toString());
    facts.put("images", data.name());
    ResultsReport page =
        new ResultsReport(
            "What " + run.getFileName() + " is worth",
            "Reconstructions with the winner's mask, which costs bits, with a random one, which costs"
                + " none, and samples of the prior.",
            CommandLines.of(spec),
            facts,
            results);
    guided.forEach(page::text);
    page.section("Pictures");
    try (PointerScope scope = new PointerScope()) {
      Tensor pixels = Evaluation.first(data.test(), PICTURED);
      int columns = Math.toIntExact(pixels.size(0));
      page.gallery("reconstructions", Evaluation.gallery(model, pixels, seed), columns, 0);
      Generation.Sampler sampler = model.sampler();
      if (sampler != null) {
        page.sheet("samples of the prior", sampler.images(4 * PICTURED, seed), PICTURED);
      }
    }
    page.section("Training");
    page.losses("Autoencoder", "loss", Map.of("autoencoder", place.autoencoderFolder()));
    page.losses("Prior", "loss", Map.of("prior", place.priorFolder()));
    page.command(place.recipe());
    page.write(html);
    System.out.println("and, with pictures, in " + html);
  }

  /** Throws before anything is measured. */
  private void requireGuidable(TrainedModel model) {
    if (network != Network.SMALL) {
      throw new IllegalArgumentException(
          "--guidance is measured by the small classifier, which knows the classes; leave out"
              + " --network "
              + network);
    }
    if (!model.recipe().prior().conditional()) {
      throw new IllegalArgumentException(
          "--guidance needs a prior that knows classes; train with --prior-conditional true");
    }
    if (!model.hasPrior()) {
      throw new IllegalArgumentException("this run has no trained prior; train it to its end");
    }
    guidance.forEach(strength -> new Sampling(1, 0, 1, strength)); // says what is out of range
  }

  private FeatureNetwork classifier(Dataset data, boolean half) throws IOException {
    Features.Making making = new Features.Making(featureSteps, seed, half);
    return featureFile == null
        ? Features.cached(data, run.resolve("features.safetensors"), making, System.out)
        : Features.of(data, featureFile, making);
  }

  private Path requireWeights() {
    if (weights == null) {
      throw new IllegalArgumentException(
          "--network FID needs --weights FILE, the FID Inception's, which mvq does not bring");
    }
    return weights;
  }

  /** As logged; 0 where the log was not kept with the checkpoint. */
  private static double trainingSeconds(Run place) throws IOException {
    Path csv = place.autoencoderFolder().resolve(RunLog.CSV);
    List<RunLog.Row> log = Files.exists(csv) ? RunLog.read(csv) : List.of();
    return log.isEmpty() ? 0 : log.get(log.size() - 1).seconds();
  }
}
