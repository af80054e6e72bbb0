package io.mvq.spark;

import io.mvq.files.OutputFile;
import io.mvq.recipe.Recipe;
import io.mvq.run.Codec;
import io.mvq.run.ExportConfig;
import io.mvq.run.Exported;
import io.mvq.run.Identity;
import io.mvq.run.Pretrained;
import io.mvq.run.Run;
import io.mvq.tensor.Devices;
import io.mvq.train.AtomicFolder;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;

/** A trained model for all executors, by its place or by its bytes; always on the CPU. */
public final class SharedModel implements Shared<Codec> {
  private static final long serialVersionUID = 1;
  private static final List<String> FILES = List.of(ExportConfig.FILE, Exported.WEIGHTS);

  private final Source source;
  private final String identity;
  private final Size size;

  /** Where an executor finds the files. */
  private interface Source extends Serializable {
    <T> T use(Pretrained.Use<T> use) throws IOException;
  }

  /**
   * What a model takes.
   *
   * @param weightBytes of the files that an executor reads
   * @param side of an image, pixels
   * @param width channels of the first convolution
   */
  record Size(long weightBytes, int side, int width) implements Serializable {
    private static final long serialVersionUID = 1;
  }

  private SharedModel(Source source) throws IOException {
    this.source = source;
    size = source.use(SharedModel::size);
    identity = source.use(run -> Identity.of(run).digest());
  }

  /**
   * A run or an export that every executor finds at one path, e.g. on a shared disk.
   *
   * @throws IOException if there is none here, on the driver, or one that is damaged
   */
  public static SharedModel at(String folder) throws IOException {
    return new SharedModel(new Place(folder));
  }

  /**
   * An export that lies on the driver's disk; its bytes are sent to each executor once.
   *
   * @throws IllegalArgumentException if it is a run, with all that training needs
   */
  public static SharedModel broadcast(SparkSession spark, Path export) throws IOException {
    if (!new Run(export).isExported()) {
      throw new IllegalArgumentException(
          String.format(
              "%s must be an export to be sent, made by: mvq export RUN --out FOLDER; or let"
                  + " executors read the run where it is, by SharedModel.at",
              export));
    }
    byte[][] files = new byte[FILES.size()][];
    for (int i = 0; i < files.length; i++) {
      files[i] = Files.readAllBytes(export.resolve(FILES.get(i)));
    }
    return new SharedModel(
        new Sent(JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(files)));
  }

  /** A model of a jar that the driver and all executors have, e.g. mvq-model-emoji: emoji-2. */
  public static SharedModel pretrained(String name) throws IOException {
    return new SharedModel(new Named(name));
  }

  /** Which model it is, as codes say: 16 hexadecimal digits. */
  public String identity() {
    return identity;
  }

  Size size() {
    return size;
  }

  @Override
  public String key() {
    return "model " + identity;
  }

  @Override
  public Codec open() throws IOException {
    Codec codec = source.use(run -> Codec.of(run, Devices.named("cpu")));
    if (!codec.identity().digest().equals(identity)) {
      throw new IOException(
          String.format(
              "%s is the model %s on this executor, and was %s on the driver when the job began",
              source, codec.identity(), identity));
    }
    return codec;
  }

  private static Size size(Run run) throws IOException {
    Recipe recipe = run.recipe();
    recipe.tokens(); // says what it needs, if there are none
    try (Stream<Path> files = Files.walk(run.folder())) {
      long bytes =
          files
              .filter(file -> file.getFileName().toString().equals(Exported.WEIGHTS))
              .mapToLong(file -> file.toFile().length())
              .sum();
      return new Size(bytes, recipe.data().side(), recipe.architecture().width());
    }
  }

  private record Place(String folder) implements Source {
    private static final long serialVersionUID = 1;

    @Override
    public <T> T use(Pretrained.Use<T> use) throws IOException {
      return use.of(new Run(Path.of(folder)));
    }

    @Override
    public String toString() {
      return folder;
    }
  }

  private record Named(String name) implements Source {
    private static final long serialVersionUID = 1;

    @Override
    public <T> T use(Pretrained.Use<T> use) throws IOException {
      return Pretrained.use(name, use);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private record Sent(Broadcast<byte[][]> files) implements Source {
    private static final long serialVersionUID = 1;

    @Override
    public <T> T use(Pretrained.Use<T> use) throws IOException {
      Path folder = Files.createTempDirectory("mvq-model-");
      try {
        for (int i = 0; i < FILES.size(); i++) {
          byte[] bytes = files.value()[i];
          OutputFile.write(folder.resolve(FILES.get(i)), out -> out.write(bytes));
        }
        return use.of(new Run(folder));
      } finally {
        AtomicFolder.delete(folder);
      }
    }

    @Override
    public String toString() {
      return "what was sent";
    }
  }
}
