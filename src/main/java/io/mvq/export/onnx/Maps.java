package io.mvq.export.onnx;

import java.util.Map;

/** The halves of encoders and decoders on maps, as {@code io.mvq.autoencoder} has them. */
record Maps(Graph graph, Layers layers) {
  /** {@code Down}: a map of side {@code from} to one of side {@code to}. */
  String down(String module, String map, int from, int to) {
    String x = map;
    for (int side = from / 2; side >= to; side /= 2) {
      x = layers.conv(module + ".halve" + side, x, 2, 1);
      x = hasBlock(module, side) ? block(module, x, side) : layers.silu(x);
    }
    return x;
  }

  /** {@code Up}: a map of side {@code from} to one of side {@code to}. */
  String up(String module, String map, int from, int to) {
    String x = map;
    for (int side = from; side < to; side *= 2) {
      x = hasBlock(module, side) ? block(module, x, side) : x;
      // The 3x3 convolution after a repetition that Doubling makes one step of.
      x = layers.conv(module + ".twice" + side + ".same", twice(layers.silu(x)), 1, 1);
    }
    return layers.conv(module + ".last", layers.silu(x), 1, 1);
  }

  private boolean hasBlock(String module, int side) {
    return layers.has(module + ".block" + side + ".norm1.weight");
  }

  private String block(String module, String x, int side) {
    String block = module + ".block" + side;
    String y = layers.conv(block + ".conv1", norm(block + ".norm1", x, side), 1, 1);
    return graph.node(
        "Add", x, layers.conv(block + ".conv2", norm(block + ".norm2", y, side), 1, 1));
  }

  private String norm(String layer, String x, int side) {
    return layers.silu(layers.groupNorm(layer, x, side));
  }

  /** Each pixel four times. */
  private String twice(String map) {
    return graph.node(
        "Resize",
        Map.of(
            "mode", "nearest",
            "coordinate_transformation_mode", "asymmetric",
            "nearest_mode", "floor"),
        map,
        "",
        graph.floats(1, 1, 2, 2));
  }

  /** {@code MapToRow}: (n, channels, side, side) to (n, outputs). */
  String toRow(String module, String map, int side) {
    String x = norm(module + ".norm", map, side);
    String out = module + ".out";
    long[] shape = layers.shape(out + ".weight");
    if (shape.length == 2) {
      return layers.linear(out, graph.node("Flatten", x));
    }
    String each = graph.reshape(layers.conv(out, x, 1, 0), 0, shape[0], -1);
    return graph.reshape(transposed(each), 0, shape[0] * side * side);
  }

  /** {@code RowToMap}: (n, inputs) to (n, channels, side, side). */
  String toMap(String module, String row, int side) {
    String in = module + ".in";
    long[] shape = layers.shape(in + ".weight");
    long cells = (long) side * side;
    if (shape.length == 2) {
      return graph.reshape(layers.linear(in, row), 0, shape[0] / cells, side, side);
    }
    String each = transposed(graph.reshape(row, 0, cells, shape[1]));
    return layers.conv(in, graph.reshape(each, 0, shape[1], side, side), 1, 1);
  }

  private String transposed(String each) {
    return graph.node("Transpose", Map.of("perm", new long[] {0, 2, 1}), each);
  }
}
