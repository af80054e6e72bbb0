package io.mvq.spark;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;
import org.apache.spark.sql.Row;

/**
 * Rows through a function of many at a time, in their order, as they are asked for: no more than a
 * batch is held.
 *
 * @param <T> what is kept of a row until its batch is full
 */
final class InBatches<T> implements Iterator<Row> {
  private final Iterator<Row> rows;
  private final int most;
  private final Function<Row, T> read;
  private final Function<List<T>, List<Row>> compute;
  private final Deque<Row> done = new ArrayDeque<>();

  InBatches(
      Iterator<Row> rows, int most, Function<Row, T> read, Function<List<T>, List<Row>> compute) {
    this.rows = rows;
    this.most = most;
    this.read = read;
    this.compute = compute;
  }

  @Override
  public boolean hasNext() {
    return !done.isEmpty() || rows.hasNext();
  }

  @Override
  public Row next() {
    if (done.isEmpty()) {
      List<T> batch = new ArrayList<>();
      while (batch.size() < most && rows.hasNext()) {
        batch.add(read.apply(rows.next()));
      }
      if (batch.isEmpty()) {
        throw new NoSuchElementException("no row is left");
      }
      done.addAll(compute.apply(batch));
    }
    return done.remove();
  }
}
