package io.mvq.train;

import io.mvq.picture.LinePlot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One logged value of one or several runs over their steps, as a PNG. */
public final class LossPlot {
  private LossPlot() {}

  /** Draws {@link #of} as a PNG. */
  public static void write(Path png, String name, Map<String, Path> runs) throws IOException {
    of(name, runs).write(png);
  }

  /**
   * The lines.
   *
   * @param name of the value, as logged, e.g. {@code loss}
   * @param runs folders with a {@code log.csv}, by the label each gets in the legend
   */
  public static LinePlot of(String name, Map<String, Path> runs) throws IOException {
    List<LinePlot.Line> lines = new ArrayList<>();
    boolean positive = true;
    for (var run : runs.entrySet()) {
      Path csv = run.getValue().resolve(RunLog.CSV);
      List<RunLog.Row> rows =
          RunLog.read(csv).stream()
              .filter(row -> row.name().equals(name) && Double.isFinite(row.value()))
              .toList();
      if (rows.isEmpty()) {
        throw new IOException(csv + " has no finite value named " + name);
      }
      double[] steps = rows.stream().mapToDouble(RunLog.Row::step).toArray();
      double[] values = rows.stream().mapToDouble(RunLog.Row::value).toArray();
      lines.add(new LinePlot.Line(run.getKey(), steps, values, false));
      positive &= rows.stream().allMatch(row -> row.value() > 0);
    }
    return new LinePlot("", "step", name, false, positive, lines);
  }
}
