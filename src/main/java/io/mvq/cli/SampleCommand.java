package io.mvq.cli;

import io.mvq.picture.ImageGrid;
import io.mvq.prior.Sampling;
import io.mvq.run.Run;
import io.mvq.run.TrainedModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.bytedeco.pytorch.Tensor;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mvq sample}: new images from the prior. */
@Command(
    name = "sample",
    mixinStandardHelpOptions = true,
    description =
        "Draws tokens from the prior, masks at random or from the mask prior, and decodes them into"
            + " a grid.",
    footer = {
      "",
      "Examples:",
      "  mvq sample emoji-2                                     a model that comes with mvq",
      "  mvq sample run --count 64 --temperature 0.9 --out samples.png",
      "  mvq sample run --class cat --guidance 2                of one class, clearly"
    })
final class SampleCommand implements Callable<Integer> {
  @Mixin private RunArgument run;

  @Option(
      names = "--count",
      defaultValue = "64",
      description = "how many images, 1 to 10000 (default: 64)")
  private int count;

  @Option(
      names = "--columns",
      defaultValue = "8",
      description = "images a row of the grid (default: 8)")
  private int columns;

  @Option(names = "--temperature", defaultValue = "1", description = "0 is greedy (default: 1)")
  private double temperature;

  @Option(
      names = "--top-k",
      defaultValue = "0",
      description = "only the k likeliest codes; 0 for all (default: 0)")
  private int topK;

  @Option(
      names = "--top-p",
      defaultValue = "1",
      description = "only the likeliest codes of this total probability (default: 1)")
  private double topP;

  @Option(
      names = "--class",
      paramLabel = "NAME",
      description = "of a class; needs a run with --prior-conditional true")
  private String className;

  @Option(
      names = "--guidance",
      paramLabel = "STRENGTH",
      defaultValue = "1",
      description =
          "how strongly the class is followed: 1 as learned, 2 or 3 for clearer and less varied"
              + " images (default: 1)")
  private double guidance;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "equal seeds give equal images (default: 1)")
  private long seed;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "the grid (default: samples.png in the run; of a pretrained one, here)")
  private Path out;

  @Option(names = "--each", paramLabel = "FOLDER", description = "also every image by itself")
  private Path each;

  @Mixin private Threads threads;
  @Mixin private DeviceFlag device;

  @Override
  public Integer call() throws Exception {
    threads.apply();
    if (count < 1 || count > 10_000) {
      throw new IllegalArgumentException("--count must be in 1..10000, got " + count);
    }
    return run.use(this::sample);
  }

  private int sample(Run place) throws IOException {
    TrainedModel model = place.model(device.get());
    int label = className == null ? -1 : Run.label(place.classes(), className);
    Sampling sampling = new Sampling(temperature, topK, topP, guidance);
    Tensor images = model.sample(count, label, sampling, seed);
    Path file = out == null ? run.file("samples.png") : out;
    ImageGrid.write(file, images, columns);
    if (each != null) {
      ImageGrid.writeEach(each, images);
    }
    System.out.println(count + " images in " + file);
    return 0;
  }
}
