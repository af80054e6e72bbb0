package io.mvq.spark;

import io.mvq.files.OutputFile;
import io.mvq.metric.FeatureNetwork;
import io.mvq.metric.Resize;
import io.mvq.run.FeatureNetworks;
import io.mvq.run.Features;
import io.mvq.tensor.Devices;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;

/** A feature network of {@code mvq evaluate} for all executors; distances name it. */
public final class SharedNetwork implements Shared<FeatureNetwork> {
  private static final long serialVersionUID = 1;

  private final String key;
  private final Source source;

  private interface Source extends Serializable {
    FeatureNetwork open() throws IOException;
  }

  private SharedNetwork(String key, Source source) {
    this.key = key;
    this.source = source;
  }

  /**
   * A small classifier that {@code mvq evaluate} made, e.g. {@code features.safetensors} of a run:
   * sent to each executor once.
   */
  public static SharedNetwork classifier(SparkSession spark, Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    CRC32 crc = new CRC32();
    crc.update(bytes);
    Broadcast<byte[]> sent =
        JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(bytes);
    String name = file.getFileName().toString();
    String key = String.format("classifier %s %d %08x", name, bytes.length, crc.getValue());
    return new SharedNetwork(key, () -> classifier(name, sent));
  }

  private static FeatureNetwork classifier(String name, Broadcast<byte[]> sent) throws IOException {
    Path folder = Files.createTempDirectory("mvq-features-");
    Path file = folder.resolve(name);
    try {
      OutputFile.write(file, out -> out.write(sent.value()));
      return Features.read(file);
    } finally {
      Files.deleteIfExists(file);
      Files.delete(folder);
    }
  }

  /** The Inception-V3 of npm's nsfwjs, which every machine fetches once (29 MB) by npm. */
  public static SharedNetwork nsfwjs() {
    return new SharedNetwork("nsfwjs", () -> FeatureNetworks.nsfwjs(Devices.named("cpu")));
  }

  /** The FID Inception of a file that every executor finds at one path. */
  public static SharedNetwork fid(String weights, Resize resize) {
    return new SharedNetwork(
        "fid " + resize + " " + weights, () -> FeatureNetworks.fid(Path.of(weights), resize));
  }

  @Override
  public String key() {
    return key;
  }

  @Override
  public FeatureNetwork open() throws IOException {
    return source.open();
  }
}
