package io.mvq.cli;

import io.mvq.data.Dataset;
import io.mvq.files.OutputFile;
import io.mvq.metric.SmallClassifier;
import io.mvq.picture.ImageGrid;
import io.mvq.recipe.Recipe;
import io.mvq.run.Evaluation;
import io.mvq.run.Features;
import io.mvq.run.Pipeline;
import io.mvq.run.RealFeatures;
import io.mvq.run.Result;
import io.mvq.run.Run;
import io.mvq.run.RunImages;
import io.mvq.run.TrainedModel;
import io.mvq.tensor.Autocast;
import io.mvq.train.CheckpointInterval;
import io.mvq.train.LossPlot;
import io.mvq.train.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code mvq quickstart}: VQ and MVQ of the same size, trained, sampled and measured side by side.
 */
@Command(
    name = "quickstart",
    header = "Trains, samples and measures VQ and MVQ side by side.",
    mixinStandardHelpOptions = true,
    description =
        "Trains a VQ and an MVQ of 2 tokens with the same losses on the embedded clothes (a "
            + "part of Fashion-MNIST), a prior for each, samples, measures, and writes a report, "
            + "pictures, a table and the checkpoints into a folder. Codebooks of 4 codes make an "
            + "image 4 bits: VQ has 16 images to show, MVQ draws a mask for each.",
    footer = {"", "Takes about 8 minutes, 13 without bfloat16. Needs no data and no options."})
final class QuickstartCommand implements Callable<Integer> {
  private static final int PICTURED = 16;

  @Option(
      names = "--out",
      defaultValue = "quickstart",
      paramLabel = "FOLDER",
      description = "where everything goes; replaced if there (default: quickstart)")
  private Path out;

  @Option(
      names = "--scale",
      defaultValue = "1",
      paramLabel = "FACTOR",
      description =
          "times the training steps, e.g. 0.01 to try the machinery, 10 for better pictures (default: 1)")
  private double scale;

  @Option(
      names = "--count",
      defaultValue = "10000",
      description = "at most so many images a distance (default: 10000)")
  private int count;

  @Option(names = "--seed", defaultValue = "1", description = "(default: 1)")
  private long seed;

  @Option(
      names = "--progress",
      defaultValue = "AUTO",
      description = "${COMPLETION-CANDIDATES} (default: AUTO, a bar on a terminal)")
  private Progress.Style progress;

  @Spec private CommandSpec spec;

  private record Finished(Result result, Tensor reconstructions, Tensor samples) {}

  @Mixin private Threads threads;
  @Mixin private DeviceFlag device;
  private Device on;
  private Evaluation.Real real;

  @Override
  public Integer call() throws Exception {
    threads.apply();
    on = device.get();
    if (!(scale > 0 && scale <= 1000)) {
      throw new IllegalArgumentException("--scale must be above 0, at most 1000, got " + scale);
    }
    new Run(out).requireWritable();
    try (Farewell farewell = Farewell.of(() -> "stopped; the same command begins again")) {
      return quickstart();
    }
  }

  private int quickstart() throws IOException {
    Recipe recipe = recipe("mvq");
    RunImages images = RunImages.of(recipe);
    Dataset data = images.set();
    System.out.printf(
        "%s: %d training images, %d held out, %dx%d%n",
        data.name(),
        data.train().size(),
        data.test().size(),
        recipe.data().side(),
        recipe.data().side());
    if (recipe.training().bf16()) {
      System.out.println("training in bfloat16, which takes two thirds of the time here");
    }
    Dataset measured = data.thinned(count);
    Path featureFile = out.resolve("features.safetensors");
    Files.deleteIfExists(featureFile);
    SmallClassifier features =
        Features.cached(data, featureFile, new Features.Making(steps(600), seed, true), System.out);
    System.out.println(features.name());
    System.out.println("measuring the real images");
    real =
        Evaluation.Real.of(
            RealFeatures.of("training", measured.train(), features),
            RealFeatures.of("held-out", measured.test(), features));
    Map<String, Finished> finished = new LinkedHashMap<>();
    for (String system : List.of("vq", "mvq")) {
      Finished one = run(recipe(system), images, features);
      if (one == null) {
        return 130; // what Ctrl-C leaves
      }
      finished.put(system, one);
    }
    write(finished);
    return 0;
  }

  /** The default recipe, made small enough for 2 cores and 10 minutes. */
  private Recipe recipe(String system) {
    Map<String, Object> flags = new LinkedHashMap<>();
    flags.put("data", "clothes");
    flags.put("side", 32);
    flags.put("channels", 1);
    flags.put("look", "labels");
    flags.put("look-lesson", 1); // nearer than 0.3 after so few steps
    flags.put("look-steps", steps(400));
    flags.put("system", system);
    flags.put("codes", 4);
    flags.put("hypotheses", 256);
    flags.put("mask-width", 64);
    flags.put("width", 16);
    flags.put("steps", steps(1400));
    flags.put("warmup", steps(200));
    flags.put("batch", 32);
    flags.put("precision", quickest());
    flags.put("seed", seed);
    flags.put("prior-width", 64);
    flags.put("prior-layers", 2);
    flags.put("prior-steps", steps(400));
    flags.put("prior-batch", 128);
    flags.put("prior-warmup", steps(50));
    return Recipe.ofApplicable(flags);
  }

  private String quickest() {
    return Autocast.refusal(on) == null ? "bf16" : "float32";
  }

  private int steps(int full) {
    return Math.max(2, (int) Math.round(full * scale));
  }

  /** Trains, samples and measures one system; null if it was stopped. */
  private Finished run(Recipe recipe, RunImages images, SmallClassifier features)
      throws IOException {
    Run place = new Run(out.resolve(recipe.architecture().system()));
    Pipeline.Finished trained =
        new Pipeline(recipe, place, false, progress, System.out, on, CheckpointInterval.DEFAULT)
            .train(images)
            .orElse(null);
    if (trained == null) {
      return null;
    }
    TrainedModel model = trained.model();
    System.out.println("measuring " + recipe.architecture().system());
    Evaluation evaluation = Evaluation.of(model, trained.usage(), List.of(real), seed).get(0);
    try (PointerScope scope = new PointerScope()) {
      Tensor pixels = Evaluation.first(images.set().test(), PICTURED);
      return new Finished(
          Result.of(model, evaluation, features, trained.seconds()),
          Evaluation.gallery(model, pixels, seed).retainReference(),
          model.sampler().images(4 * PICTURED, seed).retainReference());
    }
  }

  private void write(Map<String, Finished> finished) throws IOException {
    // Numbers first: pictures with words need a font, which a bare container may lack.
    List<Result> results = finished.values().stream().map(Finished::result).toList();
    String table = Result.table(results);
    OutputFile.write(out.resolve("results.json"), Result.json(results));
    OutputFile.write(out.resolve("results.txt"), table);
    System.out.println();
    System.out.print(table);
    Map<String, Path> logs = new LinkedHashMap<>();
    for (var one : finished.entrySet()) {
      Path folder = out.resolve(one.getKey());
      Finished done = one.getValue();
      ImageGrid.write(folder.resolve("reconstructions.png"), done.reconstructions(), PICTURED);
      ImageGrid.write(folder.resolve("samples.png"), done.samples(), PICTURED);
      logs.put(one.getKey(), folder.resolve("autoencoder"));
    }
    comparison(finished.get("vq"), finished.get("mvq"));
    LossPlot.write(out.resolve("loss.png"), "loss/reconstruction", logs);
    report(finished, results, logs);
    System.out.println(
        "\nreport.html, comparison.png, results.json, loss.png and checkpoints are in " + out);
  }

  private void report(Map<String, Finished> finished, List<Result> results, Map<String, Path> logs)
      throws IOException {
    ResultsReport page =
        new ResultsReport(
            "VQ and MVQ side by side",
            "The same autoencoder, losses and codebooks; MVQ also draws a mask over its second token's"
                + " code. Both were trained, sampled and measured just now.",
            CommandLines.of(spec),
            Map.of("images", "embedded clothes, a part of Fashion-MNIST"),
            results);
    page.section("Reconstructions");
    for (var one : finished.entrySet()) {
      int first = one.getKey().equals("vq") ? 0 : 1; // the images stand above both
      page.gallery(one.getKey(), one.getValue().reconstructions(), PICTURED, first);
    }
    page.section("Samples of the priors");
    for (var one : finished.entrySet()) {
      page.sheet(one.getKey() + ", samples", one.getValue().samples(), PICTURED);
    }
    page.section("Training");
    page.losses("Loss of the pixels", "loss/reconstruction", logs);
    for (String system : finished.keySet()) {
      page.command(recipe(system));
    }
    page.write(out.resolve("report.html"));
  }

  /** The picture to look at first: both systems row by row. */
  private void comparison(Finished vq, Finished mvq) throws IOException {
    TensorVector rows = new TensorVector();
    rows.push_back(mvq.reconstructions().narrow(0, 0, PICTURED));
    rows.push_back(vq.reconstructions().narrow(0, PICTURED, PICTURED));
    rows.push_back(mvq.reconstructions().narrow(0, PICTURED, 2L * PICTURED));
    rows.push_back(vq.samples().narrow(0, 0, 2L * PICTURED));
    rows.push_back(mvq.samples().narrow(0, 0, 2L * PICTURED));
    List<String> captions =
        List.of(
            "held-out images",
            "VQ",
            "MVQ, winner",
            "MVQ, random",
            "VQ samples",
            "",
            "MVQ samples",
            "");
    ImageGrid.write(out.resolve("comparison.png"), torch.cat(rows, 0), PICTURED, captions);
  }
}
