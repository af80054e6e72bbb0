package io.mvq.reproduce;

import io.mvq.picture.LinePlot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * How much lower MVQ's Frechet distance of samples is over the size of the codebook: a line a token
 * count and feature network.
 */
final class SweepPlot {
  private SweepPlot() {}

  /** Draws; writes nothing where there is nothing to draw. */
  static void write(Path png, Claims claims) throws IOException {
    List<LinePlot.Line> lines =
        claims.sweeps().entrySet().stream()
            .map(
                sweep ->
                    new LinePlot.Line(
                        sweep.getKey(),
                        sweep.getValue().keySet().stream().mapToDouble(k -> k).toArray(),
                        sweep.getValue().values().stream().mapToDouble(gain -> gain).toArray(),
                        true))
            .toList();
    if (!lines.isEmpty()) {
      new LinePlot(
              "Does the gain widen as the codebook shrinks?",
              "codes a codebook",
              "FD of samples lower than VQ's by, %",
              true,
              false,
              lines)
          .write(png);
    }
  }
}
