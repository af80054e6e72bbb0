package io.mvq.export.onnx;

import io.mvq.tensor.Tensors;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/**
 * A {@code VectorQuantizer} by the name of its module: indices to vectors and back.
 *
 * @param cosine whether codes are compared at unit length
 */
record Codes(Graph graph, Layers layers, String module, boolean cosine) {
  private static final float LEAST_NORM = 1e-12f; // LibTorch's normalize

  private boolean projected() {
    return layers.has(module + ".down.weight");
  }

  /** Floats a vector. */
  long width() {
    return layers.shape(projected() ? module + ".up.weight" : table())[projected() ? 0 : 1];
  }

  /** Indices (m) to vectors (m, width). */
  String lookup(String index) {
    String codes = graph.node("Gather", layers.weight(table()), index);
    return projected() ? layers.linear(module + ".up", codes) : codes;
  }

  /** Vectors (m, width) to their nearest codes (m), ties to the lowest. */
  String nearest(String vectors) {
    String rows = projected() ? layers.linear(module + ".down", vectors) : vectors;
    Map<String, ?> axis = Map.of("axes", new long[] {1}, "keepdims", 1L);
    if (cosine) {
      String norm = graph.node("ReduceL2", axis, rows);
      rows = graph.node("Div", rows, graph.node("Max", norm, graph.floats(LEAST_NORM)));
    }
    // |z - e|^2 without |z|^2, halved: |e|^2 / 2 - z.e.
    Tensor codes = layers.tensor(table());
    String lengths =
        graph.weight(module + ".half_squares", Tensors.of(halfSquares(codes), codes.size(0)));
    String turned = graph.weight(module + ".turned", codes.t().contiguous());
    String distances = graph.node("Sub", lengths, graph.node("MatMul", rows, turned));
    return graph.node("ArgMin", Map.of("axis", 1L, "keepdims", 0L), distances);
  }

  private static float[] halfSquares(Tensor codes) {
    float[] values = Tensors.floats(codes);
    int width = (int) codes.size(1);
    double[] sums = new double[values.length / width];
    for (int i = 0; i < values.length; i++) {
      sums[i / width] += 0.5 * values[i] * values[i];
    }
    float[] halves = new float[sums.length];
    for (int k = 0; k < sums.length; k++) {
      halves[k] = (float) sums[k];
    }
    return halves;
  }

  private String table() {
    return module + ".codebook.codes";
  }
}
