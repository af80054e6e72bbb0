package io.mvq.reproduce;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;

/** Frechet distance of samples over the size of the codebook, a line a system and token count. */
final class SweepPlot {
  private SweepPlot() {}

  /** Draws; writes nothing where there is nothing to draw. */
  static void write(Path png, List<TrialResult> results) throws IOException {
    XYChart chart =
        new XYChartBuilder()
            .width(960)
            .height(540)
            .title("Does the gain widen as the codebook shrinks?")
            .xAxisTitle("codes a codebook")
            .yAxisTitle("Frechet distance of samples")
            .build();
    chart.getStyler().setXAxisLogarithmic(true);
    boolean any = false;
    for (int tokens : Protocol.TOKENS) {
      for (Contestant system : List.of(Contestant.VQ, Contestant.MVQ)) {
        TreeMap<Integer, Double> points = new TreeMap<>();
        results.stream()
            .filter(one -> one.trial().contestant().equals(system))
            .filter(one -> one.trial().tokens() == tokens)
            .forEach(one -> points.put(one.trial().codes(), one.result().frechet().samples()));
        if (points.size() > 1) {
          chart.addSeries(
              system.name() + ", " + tokens + " tokens",
              points.keySet().stream().mapToDouble(Integer::doubleValue).toArray(),
              points.values().stream().mapToDouble(Double::doubleValue).toArray());
          any = true;
        }
      }
    }
    if (any) {
      try (OutputStream out = Files.newOutputStream(png)) {
        BitmapEncoder.saveBitmap(chart, out, BitmapFormat.PNG);
      }
    }
  }
}
