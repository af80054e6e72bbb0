package io.mvq.cli;

import io.mvq.autoencoder.TokenAutoencoder;
import io.mvq.kernel.MaskBits;
import io.mvq.picture.ImageGrid;
import io.mvq.run.Codec;
import io.mvq.run.Codes;
import io.mvq.run.Run;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.bytedeco.pytorch.Tensor;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mvq decode}: tokens and masks to images. */
@Command(
    name = "decode",
    mixinStandardHelpOptions = true,
    description = {
      "Decodes a file of mvq encode into PNG images.",
      "Codes mean something to the model that made them only: those of another run are refused."
    },
    footer = {"", "Example: mvq decode run --codes codes.npz --out pictures/"})
final class DecodeCommand implements Callable<Integer> {
  @Mixin private RunArgument run;

  @Option(
      names = "--codes",
      required = true,
      paramLabel = "FILE",
      description = "what mvq encode wrote")
  private Path codes;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FOLDER",
      description = "gets 00000.png and so on")
  private Path out;

  @Option(
      names = "--random-masks",
      description = "draw masks at random instead of using the file's; needed if it has none")
  private boolean randomMasks;

  @Option(
      names = "--other-model",
      description =
          "decode codes of another model than RUN's, if they fit: the pictures will be others")
  private boolean otherModel;

  @Option(names = "--seed", defaultValue = "1", description = "of the random masks (default: 1)")
  private long seed;

  @Mixin private Threads threads;
  @Mixin private DeviceFlag device;

  @Override
  public Integer call() throws Exception {
    threads.apply();
    return run.use(this::decode);
  }

  private int decode(Run place) throws IOException {
    Codec codec = Codec.of(place, device.get());
    TokenAutoencoder model = codec.model().autoencoder();
    Codes read = Codes.read(codes);
    if (read.about().model() == null) {
      System.err.println(codes + " does not say which model encoded it; taken for " + run + "'s");
    } else if (!otherModel) {
      read.requireOf(codec.identity(), codes, run.toString());
    }
    read.requireTokensOf(model, codes.toString());
    if (!randomMasks) {
      requireMasks(read, model);
    }
    long n = read.tokens().size(0);
    MaskBits masks = randomMasks ? model.randomMasks(n, seed) : read.maskBits();
    Tensor images = model.decode(read.tokens(), masks);
    ImageGrid.writeEach(out, images);
    System.out.println(n + " images in " + out);
    return 0;
  }

  private void requireMasks(Codes read, TokenAutoencoder model) {
    try {
      read.requireMasksOf(model, codes.toString());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(e.getMessage() + "; --random-masks draws them", e);
    }
  }
}
