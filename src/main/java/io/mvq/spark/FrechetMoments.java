package io.mvq.spark;

import io.mvq.metric.FeatureMoments;
import io.mvq.metric.MomentSums;
import io.mvq.tensor.Tensors;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.stream.StreamSupport;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.bytedeco.javacpp.PointerScope;
import scala.Tuple2;

/**
 * Count, mean and products of feature vectors in float64, which Frechet distances need: a sum for
 * each partition, and the sums merged by a tree over the partitions' numbers. So the bits depend on
 * what is in which partition, never on which task ends first.
 */
public final class FrechetMoments {
  private static final int ROWS = 64;

  /** Sums that one task merges; one of 2048 floats a vector is 34 MB. */
  private static final int FAN = 4;

  private FrechetMoments() {}

  /** The sum of partitions from a number on. */
  private record Part(int number, MomentSums sums) implements java.io.Serializable {
    private static final long serialVersionUID = 1;
  }

  /**
   * Of a column of features; rows with null are left out. For {@link
   * io.mvq.metric.FrechetDistance#between} on the driver, whose heap must hold the sums of 4
   * partitions.
   *
   * @param column array of float, as {@link MvqFeatures} makes it; all of one length
   * @throws IllegalArgumentException if there is no features in any row
   */
  public static MomentSums of(Dataset<Row> features, String column) {
    int place = Columns.place(features.schema(), column);
    var type = features.schema().fields()[place].dataType();
    if (!type.simpleString().equals(Columns.FLOATS.simpleString())) {
      throw new IllegalArgumentException(
          String.format("column \"%s\" must be array<float>, got %s", column, type.simpleString()));
    }
    var parts =
        features
            .select(features.col(column))
            .toJavaRDD()
            .mapPartitionsWithIndex(FrechetMoments::sums, false);
    int count = parts.getNumPartitions();
    JavaPairRDD<Integer, Part> level =
        parts.mapToPair(part -> new Tuple2<>(part.number / FAN, part));
    for (; count > FAN; count = (count + FAN - 1) / FAN) {
      level =
          level
              .groupByKey()
              .mapToPair(
                  group -> new Tuple2<>(group._1 / FAN, new Part(group._1, merged(group._2))));
    }
    List<Part> last = level.values().collect();
    if (last.isEmpty()) {
      throw new IllegalArgumentException("no row of column \"" + column + "\" has features");
    }
    return merged(last);
  }

  private static Iterator<Part> sums(int number, Iterator<Row> rows) {
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
      return List.<Part>of().iterator();
    }
    try (FeatureMoments closed = moments) {
      return List.of(new Part(number, closed.sums())).iterator();
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

  /** In the order of partitions. */
  private static MomentSums merged(Iterable<Part> parts) {
    return StreamSupport.stream(parts.spliterator(), false)
        .sorted(Comparator.comparingInt(Part::number))
        .map(Part::sums)
        .reduce(MomentSums::plus)
        .orElseThrow();
  }
}
