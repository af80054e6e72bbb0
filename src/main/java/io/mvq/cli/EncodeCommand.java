package io.mvq.cli;

import io.mvq.autoencoder.TokenAutoencoder;
import io.mvq.data.Batch;
import io.mvq.data.Batches;
import io.mvq.data.ImageSource;
import io.mvq.data.set.Datasets;
import io.mvq.data.set.ImageFolder;
import io.mvq.recipe.Data;
import io.mvq.recipe.Recipe;
import io.mvq.run.Run;
import io.mvq.run.TokenModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mvq encode}: images to tokens and mask bits. */
@Command(
    name = "encode",
    mixinStandardHelpOptions = true,
    description = "Encodes images into tokens and winners' masks.",
    footer = {
      "",
      "The file holds tokens, int64 (n, t), and for an MVQ model masks, uint8 (n, winners, c).",
      "Example: mvq encode run --images photos/ --out codes.npz"
    })
final class EncodeCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "RUN", description = "folder of a trained run")
  private Path run;

  @Option(
      names = "--images",
      paramLabel = "SET",
      description =
          "a folder of images, or a set as in mvq train (default: the run's held-out images)")
  private String images;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = ".npz or .safetensors")
  private Path out;

  @Option(
      names = "--fail-on-damaged",
      description = "stop at a damaged image instead of skipping it")
  private boolean failOnDamaged;

  @Mixin private Threads threads;
  @Mixin private DeviceFlag device;

  @Override
  public Integer call() throws Exception {
    threads.apply();
    TokenModel trained = new Run(run).tokens(device.get());
    TokenAutoencoder model = trained.autoencoder();
    ImageSource source = source(trained.recipe());
    TensorVector tokens = new TensorVector();
    TensorVector masks = new TensorVector();
    try (Batches batches = Batches.inOrder(source, 64, 1)) {
      while (batches.hasNext()) {
        Batch batch = batches.next();
        Codes codes = Codes.of(model.encode(batch.pixels()), model.winners());
        tokens.push_back(codes.tokens());
        if (codes.masks() != null) {
          masks.push_back(codes.masks());
        }
      }
    }
    Tensor allMasks = masks.empty() ? null : torch.cat(masks, 0);
    new Codes(torch.cat(tokens, 0), allMasks).write(out);
    System.out.printf(
        "%d images to %s: %d tokens (%.1f bits) and %.1f mask bits each%n",
        source.size(), out, model.codes().length, model.tokenBits(), model.maskBits());
    if (source instanceof ImageFolder folder && folder.skipped() > 0) {
      System.out.println(folder.skipped() + " damaged images skipped");
    }
    return 0;
  }

  private ImageSource source(Recipe recipe) throws IOException {
    Data data = recipe.data();
    if (images == null) {
      return Run.data(recipe).test();
    }
    if (Files.isDirectory(Path.of(images))) {
      return new ImageFolder(
          Path.of(images),
          data.side(),
          data.channels(),
          failOnDamaged ? ImageFolder.Damaged.FAIL : ImageFolder.Damaged.SKIP);
    }
    return Datasets.open(images, data.side(), data.channels()).test();
  }
}
