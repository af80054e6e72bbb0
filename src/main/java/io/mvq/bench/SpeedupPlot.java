package io.mvq.bench;

import io.mvq.picture.BarPlot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How many times as fast as each peer the searches are, on one thread, as bars. */
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
    Map<String, List<Double>> bars = new LinkedHashMap<>();
    rows.stream()
        .flatMap(row -> row.speedup().keySet().stream())
        .distinct()
        .forEach(
            peer ->
                bars.put(
                    peer,
                    rows.stream().map(row -> row.speedup().getOrDefault(peer, 0.0)).toList()));
    String title =
        String.format(
            Locale.ROOT,
            "nearest code, one thread: %s, %s, commit %s",
            report.cpu(),
            report.date(),
            report.commit());
    List<String> labels =
        rows.stream()
            .map(row -> "d " + row.d() + " k " + row.k() + " n " + row.n() + " " + row.detail())
            .toList();
    new BarPlot(title, "a peer's time over ours", labels, bars).write(png);
  }
}
