package io.mvq.export.onnx;

import java.util.Map;

/** Numbers of mixed radix, the first digit the least. */
final class Digits {
  private Digits() {}

  /** Digits (m, d) int64 to numbers (m). */
  static String joined(Graph graph, String digits, long[] strides) {
    String places = graph.node("Mul", digits, graph.longs(strides));
    return graph.node("ReduceSum", Map.of("keepdims", 0L), places, graph.longs(1));
  }

  /** Numbers (m) to digits (m, d) as floats. */
  static String of(Graph graph, String numbers, long[] strides, long[] sizes) {
    String each = graph.reshape(numbers, -1, 1);
    String shifted = graph.node("Div", each, graph.longs(strides));
    return graph.cast(graph.node("Mod", shifted, graph.longs(sizes)), Graph.Type.FLOAT);
  }
}
