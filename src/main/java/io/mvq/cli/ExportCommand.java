package io.mvq.cli;

import io.mvq.export.Export;
import io.mvq.export.Precision;
import io.mvq.run.Run;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mvq export}: a run made ready to travel. */
@Command(
    name = "export",
    header = "Makes a folder or zip of a run for inference alone.",
    mixinStandardHelpOptions = true,
    description =
        "Writes the weights as safetensors, config.json and a model card in the form of "
            + "Hugging Face's repositories, without what only training needs and without paths of "
            + "this machine. The folder is used like a run: mvq encode, decode, sample, info and "
            + "verify take it.",
    footer = {"", "Example: mvq export run --out my-model --onnx --license apache-2.0"})
final class ExportCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "RUN", description = "folder of a trained run")
  private Path run;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FOLDER",
      description = "a new folder, or a new file that ends in .zip")
  private Path out;

  @Option(
      names = "--precision",
      defaultValue = "F32",
      description =
          "of the weights: f32 gives the run's own bits, bf16 half the size, its cost measured"
              + " (default: f32)")
  private Precision precision;

  @Option(
      names = "--onnx",
      description = "also the encoder and the decoder as ONNX graphs, for other languages")
  private boolean onnx;

  @Option(
      names = "--license",
      paramLabel = "ID",
      description = "the licence that you give the weights, for the card, e.g. apache-2.0")
  private String license;

  @Mixin private Threads threads;

  @Override
  public Integer call() throws IOException {
    threads.apply();
    Export.Made made = new Export(new Run(run), precision, onnx, license).to(out);
    System.out.printf("model %s, %s, in %s%n", made.identity(), precision.dtype(), out);
    if (made.rounding() != null) {
      System.out.println(made.rounding().text());
    } else if (precision != Precision.F32) {
      System.out.println("what rounding costs was not measured: no images, no prior");
    }
    return 0;
  }
}
