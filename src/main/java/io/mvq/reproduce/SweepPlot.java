package io.mvq.reproduce;

import io.mvq.picture.LinePlot;
import java.util.List;

/**
 * How much lower MVQ's Frechet distance of samples is over the size of the codebook: a line a token
 * count and feature network.
 */
final class SweepPlot {
  private SweepPlot() {}

  /** Null where there is nothing to draw. */
  static LinePlot of(Claims claims) {
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
    return lines.isEmpty()
        ? null
        : new LinePlot(
            "Does the gain widen as the codebook shrinks?",
            "codes a codebook",
            "FD of samples lower than VQ's by, %",
            true,
            false,
            lines);
  }
}
