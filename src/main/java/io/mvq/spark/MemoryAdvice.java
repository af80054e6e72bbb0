package io.mvq.spark;

import java.util.Locale;
import org.apache.spark.SparkConf;

/**
 * How much memory an executor needs outside of its heap: LibTorch's is none of the heap's, and a
 * cluster manager ends a container that takes more than {@code spark.executor.memory} and {@code
 * spark.executor.memoryOverhead} together.
 *
 * @param library LibTorch and the JVM's own, MiB
 * @param weights the model's, twice while it is read, MiB
 * @param batches of all tasks at once, MiB
 * @param tasks as many as the executor has cores
 */
public record MemoryAdvice(long library, long weights, long batches, int tasks) {
  /** Measured, docs/scale.md. */
  private static final long LIBRARY = 500;

  /** Maps of the first convolution's size that are alive at once; measured, docs/scale.md. */
  private static final long MAPS = 2;

  private static final long MIB = 1 << 20;
  private static final long LEAST_OVERHEAD = 384;
  private static final double USUAL_SHARE = 0.1;

  /** For a model. @param tasks that an executor runs at once, {@code spark.executor.cores} */
  public static MemoryAdvice of(SharedModel model, int tasks) {
    if (tasks < 1) {
      throw new IllegalArgumentException("tasks must be at least 1, got " + tasks);
    }
    SharedModel.Size size = model.size();
    long map = 4L * ImageRows.BATCH * size.width() * size.side() * size.side();
    return new MemoryAdvice(LIBRARY, ceil(2 * size.weightBytes()), ceil(MAPS * map * tasks), tasks);
  }

  private static long ceil(long bytes) {
    return (bytes + MIB - 1) / MIB;
  }

  /** What {@code spark.executor.memoryOverhead} should be at least, MiB. */
  public long overhead() {
    return library + weights + batches;
  }

  /** What it is, as Spark reads it, MiB. */
  static long configured(SparkConf conf) {
    long heap = conf.getSizeAsMb("spark.executor.memory", "1g");
    double share = conf.getDouble("spark.executor.memoryOverheadFactor", USUAL_SHARE);
    long least = conf.getSizeAsMb("spark.executor.minMemoryOverhead", LEAST_OVERHEAD + "m");
    long usual = Math.max((long) (share * heap), least);
    return conf.contains("spark.executor.memoryOverhead")
        ? conf.getSizeAsMb("spark.executor.memoryOverhead")
        : usual;
  }

  /** A line that says so, and whether what is configured will do. */
  public String text(SparkConf conf) {
    long now = configured(conf);
    return String.format(
        Locale.ROOT,
        "spark.executor.memoryOverhead should be at least %dm (LibTorch %d, weights %d, batches of"
            + " %d tasks %d), it is %dm%s",
        overhead(),
        library,
        weights,
        tasks,
        batches,
        now,
        now < overhead() ? ": YARN and Kubernetes may end executors" : "");
  }
}
