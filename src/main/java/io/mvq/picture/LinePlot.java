package io.mvq.picture;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Lines over a common axis.
 *
 * @param title empty for none
 * @param logX whether the axis across is logarithmic; then all its values are above 0
 * @param logY the same, upwards
 */
public record LinePlot(
    String title, String x, String y, boolean logX, boolean logY, List<Line> lines) {

  /**
   * A line with a label in the legend; a single point is marked by a circle.
   *
   * @param marked whether every point is marked
   */
  public record Line(String label, double[] x, double[] y, boolean marked) {}

  /** Draws a PNG of 960 x 540; needs no display. There must be a line. */
  public void write(Path png) throws IOException {
    if (lines.isEmpty()) {
      throw new IllegalArgumentException("lines must be at least 1, got 0");
    }
    XYChart chart =
        new XYChartBuilder()
            .width(960)
            .height(540)
            .title(title)
            .xAxisTitle(x)
            .yAxisTitle(y)
            .build();
    for (Line line : lines) {
      var series = chart.addSeries(line.label(), line.x(), line.y());
      if (!line.marked()) {
        series.setMarker(line.y().length == 1 ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
      }
    }
    chart.getStyler().setXAxisLogarithmic(logX).setYAxisLogarithmic(logY);
    Pictures.save(png, chart);
  }
}
