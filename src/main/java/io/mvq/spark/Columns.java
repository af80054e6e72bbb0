package io.mvq.spark;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Which columns a result has: those of the rows it is made of, without some, and what is made.
 *
 * @param kept places in the rows given
 * @param made how many more
 */
record Columns(StructType result, int[] kept, int made) implements Serializable {
  private static final long serialVersionUID = 1;

  /** Why a row has nothing; null where it has. */
  static final StructField ERROR = field("error", DataTypes.StringType);

  static final DataType FLOATS = DataTypes.createArrayType(DataTypes.FloatType, false);

  static StructField field(String name, DataType type) {
    return DataTypes.createStructField(name, type, true);
  }

  /**
   * @param without columns of {@code given} that the result lacks
   * @param made columns that it has in their place
   * @throws IllegalArgumentException if it would have two of a name
   */
  static Columns of(StructType given, List<String> without, StructField... made) {
    StructField[] fields = given.fields();
    int[] kept =
        IntStream.range(0, fields.length)
            .filter(i -> !without.contains(fields[i].name()))
            .toArray();
    for (StructField field : made) {
      for (int i : kept) {
        if (fields[i].name().equalsIgnoreCase(field.name())) {
          throw new IllegalArgumentException(
              String.format(
                  "the rows have a column \"%s\" already, which is to be made; drop or rename it",
                  fields[i].name()));
        }
      }
    }
    Stream<StructField> all =
        Stream.concat(Arrays.stream(kept).mapToObj(i -> fields[i]), Arrays.stream(made));
    return new Columns(new StructType(all.toArray(StructField[]::new)), kept, made.length);
  }

  /** The place of a column. @throws IllegalArgumentException listing those there are */
  static int place(StructType given, String name) {
    int place = List.of(given.fieldNames()).indexOf(name);
    if (place < 0) {
      throw new IllegalArgumentException(
          "no column \"" + name + "\"; there are: " + String.join(", ", given.fieldNames()));
    }
    return place;
  }

  /** The same of a column of this type. @throws IllegalArgumentException also if it has another */
  static int place(StructType given, String name, DataType wanted) {
    int place = place(given, name);
    String type = given.fields()[place].dataType().simpleString();
    if (!type.equals(wanted.simpleString())) {
      throw new IllegalArgumentException(
          String.format("column \"%s\" must be %s, got %s", name, wanted.simpleString(), type));
    }
    return place;
  }

  /** The values of a row that the result keeps. */
  Object[] keep(Row row) {
    return Arrays.stream(kept).mapToObj(row::get).toArray();
  }

  /** The row of the result. @param values the last is the error's place, which stays empty */
  Row row(Object[] keep, Object... values) {
    Object[] all = Arrays.copyOf(keep, kept.length + made);
    for (int i = 0; i < values.length; i++) {
      all[kept.length + i] = ArrayCells.of(values[i]);
    }
    return RowFactory.create(all);
  }

  /** The row of the result where nothing could be made. The error is the last column. */
  Row failed(Object[] keep, String error) {
    Object[] all = Arrays.copyOf(keep, kept.length + made);
    all[all.length - 1] = error;
    return RowFactory.create(all);
  }
}
