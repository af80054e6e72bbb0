package io.mvq.train;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/**
 * What one batch cost.
 *
 * @param total a scalar with a graph: what is minimised
 * @param parts scalars to log by name, e.g. {@code reconstruction}
 */
public record Losses(Tensor total, Map<String, Tensor> parts) {
  /** Without parts. */
  public static Losses of(Tensor total) {
    return new Losses(total, Map.of());
  }

  /** These losses and one more part; the order of calls is the order in the log. */
  public Losses with(String name, Tensor part) {
    Map<String, Tensor> more = new LinkedHashMap<>(parts);
    more.put(name, part);
    return new Losses(total, more);
  }
}
