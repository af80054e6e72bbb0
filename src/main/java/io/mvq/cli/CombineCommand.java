package io.mvq.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.mvq.autoencoder.TokenAutoencoder;
import io.mvq.files.OutputFile;
import io.mvq.metric.PerceptualDistance;
import io.mvq.picture.ImageGrid;
import io.mvq.run.Combination;
import io.mvq.run.Evaluation;
import io.mvq.run.FeatureNetworks;
import io.mvq.run.Run;
import io.mvq.run.Smoothness;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.BinaryOperator;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mvq combine}: codes and masks of several images blended. */
@Command(
    name = "combine",
    header = "Blends codes and masks of several images.",
    mixinStandardHelpOptions = true,
    description =
        "Takes held-out images of a run in pairs and draws, a row a pair: from one to the "
            + "other by their vectors; the second's codes under the first's mask; union and "
            + "intersection of the mask bits. Says how smooth the way is, against blending pixels "
            + "and swapping tokens.",
    footer = {"", "Example: mvq combine run --pairs 8"})
final class CombineCommand implements Callable<Integer> {
  /** How far apart two images look. */
  enum Distance {
    PERCEPTUAL,
    PIXELS
  }

  @Parameters(index = "0", paramLabel = "RUN", description = "folder of a trained run with masks")
  private Path run;

  @Option(names = "--pairs", defaultValue = "8", description = "1 to 1000 (default: 8)")
  private int pairs;

  @Option(
      names = "--steps",
      defaultValue = "9",
      description = "images on the way, 3 to 100 (default: 9)")
  private int steps;

  @Option(
      names = "--distance",
      defaultValue = "PERCEPTUAL",
      description =
          "${COMPLETION-CANDIDATES}: features of a network that is fetched from npm once, or mean"
              + " squared pixels (default: PERCEPTUAL)")
  private Distance distance;

  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      description = "where combine.png and combine.json go (default: the run)")
  private Path out;

  @Mixin private RunImagesFlag images;
  @Mixin private ImageFlags imageFlags;
  @Mixin private Threads threads;
  @Mixin private DeviceFlag device;

  @Override
  public Integer call() throws Exception {
    threads.apply();
    imageFlags.limits(); // says early if they are out of range
    require("--pairs", pairs, 1, 1000);
    require("--steps", steps, 3, 100);
    Device on = device.get();
    Run place = new Run(run);
    TokenAutoencoder model = place.tokens(on).autoencoder();
    BinaryOperator<Tensor> apart = apart(on);
    Map<String, List<Smoothness>> smoothness = new LinkedHashMap<>();
    Path folder = out == null ? run : out;
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      Tensor pictured =
          Evaluation.first(images.open(place, imageFlags.limits()).set().test(), 2 * pairs);
      if (pictured.size(0) < 2L * pairs) {
        throw new IllegalArgumentException(
            "--pairs must be at most " + pictured.size(0) / 2 + " for this data, got " + pairs);
      }
      List<String> captions = new ArrayList<>();
      TensorVector cells = new TensorVector();
      for (int pair = 0; pair < pairs; pair++) {
        Tensor a = pictured.narrow(0, pair, 1);
        Tensor b = pictured.narrow(0, pairs + (long) pair, 1);
        Combination both = new Combination(model, a, b);
        List<Tensor> way = both.interpolated(steps);
        add(smoothness, "vectors of codes and residuals", way, apart);
        add(smoothness, "pixels blended", both.blended(steps), apart);
        add(smoothness, "tokens swapped", both.swapped(steps), apart);
        row(cells, captions, a, b, both, way);
      }
      ImageGrid.write(folder.resolve("combine.png"), torch.cat(cells, 0), steps + 5, captions);
    }
    report(folder, smoothness);
    return 0;
  }

  /** First, the way, second, then transfer, union, intersection. */
  private static void row(
      TensorVector cells,
      List<String> captions,
      Tensor a,
      Tensor b,
      Combination both,
      List<Tensor> way) {
    cells.push_back(a);
    way.forEach(image -> cells.push_back(image.cpu()));
    cells.push_back(b);
    cells.push_back(both.transferred().cpu());
    cells.push_back(both.union().cpu());
    cells.push_back(both.intersection().cpu());
    captions.add("pair " + (captions.size() + 1) + ": a to b; b under a's mask, or, and");
  }

  private BinaryOperator<Tensor> apart(Device on) throws IOException {
    if (distance == Distance.PIXELS) {
      return (a, b) -> torch.mse_loss(a.cpu(), b.cpu());
    }
    return new PerceptualDistance(FeatureNetworks.nsfwjs(on))::distance;
  }

  private static void add(
      Map<String, List<Smoothness>> all,
      String name,
      List<Tensor> path,
      BinaryOperator<Tensor> apart) {
    all.computeIfAbsent(name, key -> new ArrayList<>()).add(Smoothness.of(path, apart));
  }

  private void report(Path folder, Map<String, List<Smoothness>> all) throws IOException {
    Map<String, Smoothness> means = new LinkedHashMap<>();
    all.forEach(
        (name, some) ->
            means.put(
                name,
                new Smoothness(
                    some.stream().mapToDouble(Smoothness::mean).average().orElseThrow(),
                    some.stream().mapToDouble(Smoothness::most).average().orElseThrow())));
    System.out.printf(
        "%-32s %10s %12s%n", "way, " + steps + " images", "mean step", "longest step");
    means.forEach(
        (name, one) ->
            System.out.printf(Locale.ROOT, "%-32s %10.3f %12.3f%n", name, one.mean(), one.most()));
    System.out.println("shares of the distance between both ends, means over pairs");
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("distance", distance.name().toLowerCase(Locale.ROOT));
    json.put("pairs", pairs);
    json.put("steps", steps);
    json.put("smoothness", means);
    ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    OutputFile.write(folder.resolve("combine.json"), mapper.writeValueAsString(json) + "\n");
    System.out.println("combine.png and combine.json are in " + folder);
  }

  private static void require(String flag, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          flag + " must be in " + least + ".." + most + ", got " + value);
    }
  }
}
