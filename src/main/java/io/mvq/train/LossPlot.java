package io.mvq.train;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** One logged value of one or several runs over their steps, as a PNG; needs no display. */
public final class LossPlot {
  private LossPlot() {}

  /**
   * Draws.
   *
   * @param name of the value, as logged, e.g. {@code loss}
   * @param runs folders with a {@code log.csv}, by the label each gets in the legend
   */
  public static void write(Path png, String name, Map<String, Path> runs) throws IOException {
    XYChart chart =
        new XYChartBuilder().width(960).height(540).xAxisTitle("step").yAxisTitle(name).build();
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
      double[] values = rows.stream().mapToDouble(RunLog.Row::value).toArray();
      chart
          .addSeries(run.getKey(), rows.stream().mapToDouble(RunLog.Row::step).toArray(), values)
          .setMarker(values.length == 1 ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
      positive &= rows.stream().allMatch(row -> row.value() > 0);
    }
    chart.getStyler().setYAxisLogarithmic(positive);
    try (OutputStream out = Files.newOutputStream(png)) {
      BitmapEncoder.saveBitmap(chart, out, BitmapFormat.PNG);
    }
  }
}
