package example;

import io.mvq.spark.NearestCodes;
import java.io.IOException;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** The nearest codes of a DataFrame's vectors. */
public final class Nearest {
  private Nearest() {}

  public static void main(String[] arguments) throws IOException {
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[1]")
            .config("spark.ui.enabled", false)
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .getOrCreate()) {
      List<Row> rows =
          List.of(
              RowFactory.create((Object) new float[] {2, 1}),
              RowFactory.create((Object) new float[] {0, 1}));
      Dataset<Row> vectors =
          spark.createDataFrame(rows, new StructType().add("vector", "array<float>"));
      NearestCodes codebook = new NearestCodes(spark, new float[][] {{0, 0}, {3, 1}});
      List<Row> found = codebook.search(vectors, "vector").collectAsList();
      System.out.println(
          "nearest codes " + found.get(0).getAs("code") + " " + found.get(1).getAs("code"));
    }
  }
}
