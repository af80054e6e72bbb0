package io.mvq.spark;

import io.mvq.kernel.Assignment;
import io.mvq.kernel.Backend;
import io.mvq.kernel.FloatMatrix;
import io.mvq.kernel.NearestCode;
import io.mvq.kernel.Where;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/**
 * The nearest code of each vector of a DataFrame, exactly, by {@link NearestCode}. It needs the
 * jars mvq-spark, mvq-kernels, mvq-kernels of the platform and javacpp: no model, no LibTorch.
 */
public final class NearestCodes implements Serializable {
  private static final long serialVersionUID = 1;
  private static final int ROWS = 1024;
  private static final StructField CODE = Columns.field("code", DataTypes.LongType);
  private static final StructField DISTANCE = Columns.field("distance", DataTypes.FloatType);

  private final Broadcast<float[][]> codebook;
  private final int width;

  /**
   * @param codebook (k, d), sent to each executor once; copied
   */
  public NearestCodes(SparkSession spark, float[][] codebook) {
    NativeCache.load("kernels", Backend::load);
    FloatMatrix checked = FloatMatrix.of(codebook);
    width = (int) checked.width();
    checked.data().deallocate();
    this.codebook = JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(codebook);
  }

  /**
   * The columns given and {@code code} (bigint, from 0, ties to the lowest), {@code distance}
   * (float, squared Euclidean) and {@code error}: a vector that is null, of another length or not a
   * number has no code.
   *
   * @param column array of float
   */
  public Dataset<Row> search(Dataset<Row> vectors, String column) {
    int place = Columns.place(vectors.schema(), column, Columns.FLOATS);
    Columns columns = Columns.of(vectors.schema(), List.of(), CODE, DISTANCE, Columns.ERROR);
    Search search = new Search(codebook, width, place, columns);
    return vectors.mapPartitions(
        (MapPartitionsFunction<Row, Row>) search::of, Encoders.row(columns.result()));
  }

  private record Search(Broadcast<float[][]> codebook, int width, int place, Columns columns)
      implements Serializable {
    private static final long serialVersionUID = 1;

    Iterator<Row> of(Iterator<Row> rows) {
      NativeCache.load("kernels", Backend::load);
      FloatMatrix codes = FloatMatrix.of(codebook.value());
      return new InBatches<>(rows, ROWS, row -> row, batch -> nearest(codes, batch));
    }

    private List<Row> nearest(FloatMatrix codes, List<Row> batch) {
      List<float[]> vectors = new ArrayList<>();
      List<String> errors = batch.stream().map(row -> read(row, vectors)).toList();
      Assignment found = null;
      if (!vectors.isEmpty()) {
        FloatMatrix rows = FloatMatrix.of(vectors.toArray(float[][]::new));
        found = NearestCode.search(rows, codes, null, null, Where.cpu(1));
      }
      long[] indices = found == null ? new long[0] : found.indices();
      float[] distances = found == null ? new float[0] : found.distances();
      List<Row> made = new ArrayList<>();
      int next = 0;
      for (int i = 0; i < batch.size(); i++) {
        Object[] keep = columns.keep(batch.get(i));
        String error = errors.get(i);
        if (error == null && indices[next] < 0) {
          error = "the vector has no nearest code: it holds NaN";
          next++;
        }
        if (error == null) {
          made.add(columns.row(keep, indices[next], distances[next++]));
        } else {
          made.add(columns.failed(keep, error));
        }
      }
      return made;
    }

    /** Adds the row's vector, or says why it has none. */
    private String read(Row row, List<float[]> vectors) {
      if (row.isNullAt(place)) {
        return "no vector: the column is null";
      }
      float[] vector = ArrayCells.floats(row, place);
      if (vector.length != width) {
        return "the vector must have " + width + " floats, got " + vector.length;
      }
      vectors.add(vector);
      return null;
    }
  }
}
