package io.mvq.spark;

import java.util.function.BiConsumer;
import java.util.function.IntFunction;
import org.apache.spark.sql.Row;
import scala.collection.immutable.ArraySeq;

/**
 * Arrays in rows. Spark hands over a sequence of Scala's; after another typed operation it may hand
 * over what that put there, an array of Java's.
 */
final class ArrayCells {
  private ArrayCells() {}

  /** What Spark wants to find. */
  static Object of(Object value) {
    if (value instanceof int[] || value instanceof long[] || value instanceof float[]) {
      return ArraySeq.unsafeWrapArray(value);
    }
    return value;
  }

  static int[] ints(Row row, int place) {
    Object value = row.get(place);
    return value instanceof int[] own
        ? own
        : filled(row, place, int[]::new, (array, at) -> array[at.place()] = at.value().intValue());
  }

  static long[] longs(Row row, int place) {
    Object value = row.get(place);
    return value instanceof long[] own
        ? own
        : filled(
            row, place, long[]::new, (array, at) -> array[at.place()] = at.value().longValue());
  }

  /** With NaN for null. */
  static float[] floats(Row row, int place) {
    Object value = row.get(place);
    return value instanceof float[] own
        ? own
        : filled(
            row,
            place,
            float[]::new,
            (array, at) ->
                array[at.place()] = at.value() == null ? Float.NaN : at.value().floatValue());
  }

  private record At(int place, Number value) {}

  private static <A> A filled(Row row, int place, IntFunction<A> make, BiConsumer<A, At> put) {
    var values = row.<Number>getList(place);
    A array = make.apply(values.size());
    int next = 0;
    for (Number value : values) {
      put.accept(array, new At(next++, value));
    }
    return array;
  }
}
