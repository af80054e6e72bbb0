package io.mvq.spark;

import io.mvq.metric.FeatureMoments;
import io.mvq.metric.MomentSums;
import io.mvq.tensor.Tensors;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.bytedeco.javacpp.PointerScope;
import scala.Tuple2;

/**
 * Sums of feature vectors and of their products, which Frechet distances need: one of each
 * partition, added up. They are exact, so that the result has the same bits however rows are
 * partitioned and whichever task ends first, and those of one process.
 */
public final class FrechetMoments {
  private static final int ROWS = 64;

  /** Sums that come together at once; one of 2048 floats a vector is 100 MB. */
  private static final int FAN = 4;

  private FrechetMoments() {}

  /**
   * Of a column of features; rows with null are left out. For {@link
   * io.mvq.metric.FrechetDistance#between} on the driver, whose heap must hold the sums of some 4
   * partitions.
   *
   * @param column array of float, as {@link MvqFeatures} makes it; all of one length
   * @throws IllegalArgumentException if no row has features
   */
  public static MomentSums of(Dataset<Row> features, String column) {
    int place = Columns.place(features.schema(), column, Columns.FLOATS);
    var parts =
        features
            .select(features.col(column))
            .toJavaRDD()
            .mapPartitionsWithIndex(FrechetMoments::sums, false);
    int count = parts.getNumPartitions();
    JavaPairRDD<Integer, MomentSums> level = JavaPairRDD.fromJavaRDD(parts);
    for (; count > FAN; count = (count + FAN - 1) / FAN) {
      level =
          level
              .mapToPair(part -> new Tuple2<>(part._1 / FAN, part._2))
              .reduceByKey(MomentSums::plus);
    }
    return level.values().collect().stream()
        .reduce(MomentSums::plus)
        .orElseThrow(
            () -> new IllegalArgumentException("no row of column \"" + column + "\" has features"));
  }

  private static Iterator<Tuple2<Integer, MomentSums>> sums(int number, Iterator<Row> rows) {
    FeatureMoments moments = null;
    List<float[]> batch = new ArrayList<>();
    while (rows.hasNext()) {
      Row row = rows.next();
      if (!row.isNullAt(0)) {
        batch.add(ArrayCells.floats(row, 0));
      }
      if (batch.size() == ROWS || (!rows.hasNext() && !batch.isEmpty())) {
        PerExecutor.libTorch();
        moments = moments == null ? new FeatureMoments(batch.get(0).length) : moments;
        add(moments, batch);
        batch.clear();
      }
    }
    if (moments == null) {
      return Collections.emptyIterator();
    }
    try (FeatureMoments closed = moments) {
      return List.of(new Tuple2<>(number, closed.sums())).iterator();
    }
  }

  private static void add(FeatureMoments moments, List<float[]> batch) {
    int width = moments.width();
    float[] all = new float[batch.size() * width];
    for (int i = 0; i < batch.size(); i++) {
      float[] row = batch.get(i);
      if (row.length != width) {
        throw new IllegalArgumentException(
            "features must be of one length, got " + width + " and " + row.length);
      }
      System.arraycopy(row, 0, all, i * width, width);
    }
    try (PointerScope scope = new PointerScope()) {
      moments.add(Tensors.of(all, batch.size(), width));
    }
  }
}
