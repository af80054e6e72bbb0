package io.mvq.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NearestCodesTest {
  private static final int WIDTH = 7;
  private static final StructType VECTORS = new StructType().add("v", "array<float>");

  @TempDir private Path home;

  private static float[][] matrix(int rows, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[][] values = new float[rows][WIDTH];
    for (float[] row : values) {
      for (int d = 0; d < WIDTH; d++) {
        row[d] = random.nextInt(20); // exact in float32
      }
    }
    return values;
  }

  private static void requireNearest(List<Row> rows, float[][] codes) {
    for (Row row : rows) {
      List<Float> vector = row.getList(0);
      double least = Double.POSITIVE_INFINITY;
      long best = -1;
      for (int k = 0; k < codes.length; k++) {
        double sum = 0;
        for (int d = 0; d < WIDTH; d++) {
          sum += Math.pow(vector.get(d) - codes[k][d], 2);
        }
        if (sum < least) {
          least = sum;
          best = k;
        }
      }
      assertThat(row.<Long>getAs("code")).isEqualTo(best);
      assertThat(row.<Float>getAs("distance")).isEqualTo((float) least);
      assertThat(row.<String>getAs("error")).isNull();
    }
  }

  private static Dataset<Row> vectors(SparkSession spark, float[][] values) {
    List<Row> rows =
        IntStream.range(0, values.length)
            .mapToObj(i -> RowFactory.create((Object) values[i]))
            .toList();
    return spark.createDataFrame(rows, VECTORS);
  }

  /** In a process of its own, whose class path is Spark and what a kernels-only user adds. */
  static final class Job {
    public static void main(String[] arguments) {
      SparkSession spark = SparkTests.session();
      float[][] codes = matrix(33, 1);
      Dataset<Row> found =
          new NearestCodes(spark, codes)
              .search(vectors(spark, matrix(2500, 2)).repartition(3), "v");
      List<Row> rows = found.collectAsList();
      requireNearest(rows, codes);
      System.out.println("nearest codes of " + rows.size());
      spark.stop();
    }
  }

  @Test
  void vectorsFindTheirCodesWithoutLibTorch() throws Exception {
    Path jars = Path.of(System.getProperty("mvq.jars"));
    StringBuilder path = new StringBuilder(System.getProperty("spark.home") + "/jars/*");
    path.append(File.pathSeparator).append(System.getProperty("mvq.tests"));
    path.append(File.pathSeparator).append(System.getProperty("mvq.spark.jar"));
    path.append(File.pathSeparator).append(ownJar("assertj-core"));
    try (var files = Files.list(jars)) {
      for (Path jar : files.toList()) {
        if (jar.getFileName().toString().matches("(mvq-kernels|javacpp)-[0-9].*")) {
          path.append(File.pathSeparator).append(jar);
        }
      }
    }
    assertThat(path.toString()).doesNotContain("pytorch").doesNotContain("/mvq-0");
    Path log = home.resolve("log");
    Process process = Submit.java(log, path.toString(), Job.class.getName());
    assertThat(process.waitFor()).as(Files.readString(log)).isZero();
    assertThat(Files.readString(log)).contains("nearest codes of 2500");
  }

  private static String ownJar(String name) {
    String own =
        org.assertj.core.api.Assertions.class
            .getProtectionDomain()
            .getCodeSource()
            .getLocation()
            .getPath();
    assertThat(own).contains(name);
    return own;
  }

  @Test
  void aVectorThatCannotBeIsARowWithItsReason() {
    SparkSession spark = SparkTests.session();
    float[][] codes = matrix(5, 3);
    float[] odd = new float[WIDTH];
    odd[2] = Float.NaN;
    List<Row> given =
        List.of(
            RowFactory.create((Object) codes[4]),
            RowFactory.create((Object) null),
            RowFactory.create((Object) new float[WIDTH + 1]),
            RowFactory.create((Object) odd),
            RowFactory.create((Object) codes[2]));
    NearestCodes nearest = new NearestCodes(spark, codes);
    List<Row> rows =
        nearest.search(spark.createDataFrame(given, VECTORS).coalesce(1), "v").collectAsList();
    assertThat(rows.stream().map(row -> row.<String>getAs("error")))
        .containsExactly(
            null,
            "no vector: the column is null",
            "the vector must have 7 floats, got 8",
            "the vector has no nearest code: it holds NaN",
            null);
    requireNearest(List.of(rows.get(0), rows.get(4)), codes);
    assertThat(rows.get(3).<Object>getAs("code")).isNull();
    assertThatThrownBy(() -> nearest.search(vectors(spark, codes).selectExpr("1 as v"), "v"))
        .hasMessage("column \"v\" must be array<float>, got int");
    assertThatThrownBy(() -> new NearestCodes(spark, new float[0][]))
        .hasMessage("rows must hold at least one row, got 0");
  }
}
