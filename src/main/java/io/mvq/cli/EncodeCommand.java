package io.mvq.cli;

import io.mvq.autoencoder.TokenAutoencoder;
import io.mvq.data.Batch;
import io.mvq.data.Batches;
import io.mvq.data.Damage;
import io.mvq.data.ImageSource;
import io.mvq.data.set.Datasets;
import io.mvq.data.set.ImageFolder;
import io.mvq.recipe.Data;
import io.mvq.run.Codec;
import io.mvq.run.Codes;
import io.mvq.run.CodesAbout;
import io.mvq.run.CodesFile;
import io.mvq.run.Run;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
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
      "The file holds tokens, int64 (n, t), for an MVQ model masks, uint8 (n, winners, C), and about,",
      "uint8: JSON with the images' names, one a row, the model's identity, and what was left out and",
      "why. In Python: json.loads(bytes(numpy.load('codes.npz')['about']))",
      "Examples:",
      "  mvq encode run --images photos/ --out codes.npz",
      "  mvq encode run cat.jpg dog.png --out two.npz"
    })
final class EncodeCommand implements Callable<Integer> {
  @Mixin private RunArgument run;

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "FILE",
      description = "pictures, in this order (default: what --images says)")
  private List<Path> files = List.of();

  @Option(
      names = "--images",
      paramLabel = "SET",
      description =
          "a folder of images, or a set as in mvq train (default: the run's held-out images)")
  private String images;

  @Option(
      names = "--held-out",
      description =
          "of --images only those that mvq train would hold out: the run's, where they are now")
  private boolean heldOut;

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

  @Mixin private ImageFlags imageFlags;
  @Mixin private Threads threads;
  @Mixin private DeviceFlag device;

  @Override
  public Integer call() throws Exception {
    threads.apply();
    imageFlags.limits(); // says early if they are out of range
    new CodesFile(out); // says early if it cannot be one
    try (Farewell farewell = Farewell.of(() -> "stopped; " + out + " was not written")) {
      return run.use(
          place -> {
            encode(place, Codec.of(place, device.get()));
            return 0;
          });
    }
  }

  private void encode(Run place, Codec codec) throws IOException {
    ImageSource source = source(place);
    List<Damage> damaged;
    List<String> names = new ArrayList<>();
    TensorVector tokens = new TensorVector();
    TensorVector masks = new TensorVector();
    try (Batches batches = Batches.readable(source, 64, 1)) {
      while (batches.hasNext()) {
        Batch batch = batches.next();
        Codes codes = codec.encode(batch.pixels());
        tokens.push_back(codes.tokens());
        masks.push_back(codes.masks());
        Arrays.stream(batch.indices()).mapToObj(source::name).forEach(names::add);
      }
      damaged = batches.damaged();
    }
    int encoded = names.size();
    if (encoded == 0) {
      throw new IOException(
          "no image could be read"
              + (damaged.isEmpty() ? "" : "; the first: " + damaged.get(0).reason()));
    }
    CodesAbout about = new CodesAbout(codec.identity(), names, damaged);
    new Codes(torch.cat(tokens, 0), torch.cat(masks, 0), about).write(out);
    TokenAutoencoder model = codec.model().autoencoder();
    System.out.printf(
        "%d images to %s: %d tokens (%.1f bits) and %.1f mask bits each%n",
        encoded, out, model.codes().length, model.tokenBits(), model.maskBits());
    if (!damaged.isEmpty()) {
      System.out.println(damaged.size() + " damaged images left out, which have no row:");
      damaged.forEach(one -> System.out.println("  " + one.reason()));
    }
  }

  private ImageSource source(Run place) throws IOException {
    // Never SKIP, which puts another image in the place of a damaged one.
    ImageFolder.Damaged damaged =
        failOnDamaged ? ImageFolder.Damaged.FAIL : ImageFolder.Damaged.REPORT;
    Data data = place.recipe().data();
    if (!files.isEmpty()) {
      if (images != null || heldOut) {
        throw new IllegalArgumentException(
            "name files, or --images and --held-out, not both; got " + files.get(0));
      }
      return ImageFolder.of(files, data.side(), data.channels(), damaged, imageFlags.limits());
    }
    if (images == null || heldOut) {
      return RunImagesFlag.open(place, images, damaged, imageFlags.limits()).set().test();
    }
    return Datasets.toEncode(images, data.side(), data.channels(), imageFlags.limits(), damaged);
  }
}
