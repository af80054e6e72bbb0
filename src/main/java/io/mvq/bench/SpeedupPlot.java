package io.mvq.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;

/**
 * How many times as fast as each peer the searches are, on one thread, as bars; needs no display.
 */
final class SpeedupPlot {
  private SpeedupPlot() {}

  /** Draws; writes nothing if there is nothing to draw. */
  static void write(Path png, Report report) throws IOException {
    List<Row> rows =
        report.rows().stream()
            .filter(row -> row.operation().equals("nearest_code") && row.threads() == 1)
            .filter(row -> !row.speedup().isEmpty())
            .limit(24)
            .toList();
    if (rows.isEmpty()) {
      return;
    }
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(1400)
            .height(600)
            .title(
                "nearest code, one thread: "
                    + report.cpu()
                    + ", "
                    + report.date()
                    + ", commit "
                    + report.commit())
            .yAxisTitle("a peer's time over ours")
            .build();
    List<String> labels =
        rows.stream()
            .map(row -> "d " + row.d() + " k " + row.k() + " n " + row.n() + " " + row.detail())
            .toList();
    rows.stream()
        .flatMap(row -> row.speedup().keySet().stream())
        .distinct()
        .forEach(
            peer ->
                chart.addSeries(
                    peer,
                    labels,
                    rows.stream().map(row -> row.speedup().getOrDefault(peer, 0.0)).toList()));
    chart.getStyler().setXAxisLabelRotation(60);
    try (OutputStream out = Files.newOutputStream(png)) {
      BitmapEncoder.saveBitmap(chart, out, BitmapFormat.PNG);
    }
  }
}
