package io.mvq.reproduce;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;

/**
 * How much lower MVQ's Frechet distance of samples is over the size of the codebook: a line a token
 * count and feature network.
 */
final class SweepPlot {
  private SweepPlot() {}

  /** Draws; writes nothing where there is nothing to draw. */
  static void write(Path png, Claims claims) throws IOException {
    XYChart chart =
        new XYChartBuilder()
            .width(960)
            .height(540)
            .title("Does the gain widen as the codebook shrinks?")
            .xAxisTitle("codes a codebook")
            .yAxisTitle("FD of samples lower than VQ's by, %")
            .build();
    chart.getStyler().setXAxisLogarithmic(true);
    claims
        .sweeps()
        .forEach(
            (line, gains) ->
                chart.addSeries(
                    line,
                    gains.keySet().stream().mapToDouble(Integer::doubleValue).toArray(),
                    gains.values().stream().mapToDouble(Double::doubleValue).toArray()));
    if (!chart.getSeriesMap().isEmpty()) {
      try (OutputStream out = Files.newOutputStream(png)) {
        BitmapEncoder.saveBitmap(chart, out, BitmapFormat.PNG);
      }
    }
  }
}
