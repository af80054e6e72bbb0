package io.mvq.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A table of a report.
 *
 * @param caption what it says; empty for none
 * @param columns heads of the columns after that of the rows' names
 */
public record Table(String caption, String names, List<String> columns, List<Row> rows) {
  public Table {
    columns = List.copyOf(columns);
    rows = List.copyOf(rows);
  }

  /** Which of numbers are better. */
  public enum Better {
    LOWER,
    HIGHER,
    NEITHER
  }

  /** How a cell is marked. */
  public enum Mark {
    NONE,
    BETTER,
    HOLDS,
    FAILS
  }

  /** What is in a cell. */
  public record Cell(String text, Mark mark) {
    public static Cell of(String text) {
      return new Cell(text, Mark.NONE);
    }
  }

  /**
   * A row.
   *
   * @param command that made its numbers; null for none
   */
  public record Row(String name, List<Cell> cells, String command) {
    public Row {
      cells = List.copyOf(cells);
    }

    /** Of words. */
    public static Row of(String name, List<String> cells) {
      return new Row(name, cells.stream().map(Cell::of).toList(), null);
    }

    /** Of numbers, null where there is none; those that are better than the others are marked. */
    public static Row of(String name, Better better, List<Double> numbers) {
      return new Row(name, marked(better, numbers), null);
    }
  }

  /** A number as reports show it; "-" for none. */
  public static String number(Double value) {
    if (value == null || value.isNaN()) {
      return "-";
    }
    boolean whole = value == Math.rint(value) && Math.abs(value) < 1e12;
    return String.format(Locale.ROOT, whole ? "%,.0f" : "%,.2f", value);
  }

  /** Cells of numbers, of which the best is marked if they differ. */
  public static List<Cell> marked(Better better, List<Double> numbers) {
    List<Double> there = numbers.stream().filter(value -> value != null).sorted().toList();
    Double best = null;
    if (better != Better.NEITHER && there.size() > 1) {
      Double lowest = there.get(0);
      Double highest = there.get(there.size() - 1);
      best = lowest.equals(highest) ? null : better == Better.LOWER ? lowest : highest;
    }
    List<Cell> cells = new ArrayList<>();
    for (Double value : numbers) {
      boolean marked = value != null && value.equals(best);
      cells.add(new Cell(number(value), marked ? Mark.BETTER : Mark.NONE));
    }
    return cells;
  }
}
