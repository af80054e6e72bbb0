package io.mvq.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * {@code spark-submit --class io.mvq.spark.EncodeJob}: a folder of image files to a Parquet folder
 * of codes, a row a file. The recipe is in docs/scale.md.
 */
public final class EncodeJob {
  private static final int FEW = 10;

  private EncodeJob() {}

  /**
   * @param arguments a model (a folder, or the name of a pretrained one), images (a folder, read
   *     with all below it), and the Parquet folder to be made
   */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 3) {
      throw new IllegalArgumentException(
          "arguments must be MODEL IMAGES OUT, got " + String.join(" ", arguments));
    }
    try (SparkSession spark = SparkSession.builder().appName("mvq encode").getOrCreate()) {
      MvqEncoder encoder = new MvqEncoder(model(spark, arguments[0]));
      var conf = spark.sparkContext().getConf();
      int tasks =
          Math.max(1, conf.getInt("spark.executor.cores", 1) / conf.getInt("spark.task.cpus", 1));
      System.out.println(MemoryAdvice.of(encoder.model(), tasks).text(conf));
      Dataset<Row> files =
          spark.read().format("binaryFile").option("recursiveFileLookup", true).load(arguments[1]);
      encoder.encode(files, "content").write().parquet(arguments[2]);
      report(spark.read().parquet(arguments[2]), arguments[2]);
    }
  }

  private static SharedModel model(SparkSession spark, String named) throws IOException {
    Path folder = Path.of(named);
    if (folder.getNameCount() == 1 && !folder.isAbsolute() && !Files.exists(folder)) {
      return SharedModel.pretrained(named);
    }
    return Files.isRegularFile(folder.resolve("config.json"))
        ? SharedModel.broadcast(spark, folder)
        : SharedModel.at(folder.toAbsolutePath().toString());
  }

  private static void report(Dataset<Row> codes, String out) {
    Row counts = codes.selectExpr("count(*)", "count(error)").head();
    long all = counts.getLong(0);
    long damaged = counts.getLong(1);
    System.out.printf(
        Locale.ROOT, "%d files to %s: %d codes, %d damaged%n", all, out, all - damaged, damaged);
    if (damaged > 0) {
      codes
          .where("error is not null")
          .select("path", "error")
          .limit(FEW)
          .collectAsList()
          .forEach(row -> System.out.println("  " + row.getString(0) + ": " + row.getString(1)));
    }
  }
}
