package io.mvq.export.onnx;

import io.mvq.tensor.Shapes;
import java.util.Arrays;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/**
 * The layers that models are made of, by the names of their weights.
 *
 * @param weights of the autoencoder, by their dotted names
 */
record Layers(Graph graph, Map<String, Tensor> weights) {
  private static final float EPSILON = 1e-5f; // LibTorch's, of all norms
  private static final long CHANNELS_PER_GROUP = 16;

  boolean has(String name) {
    return weights.containsKey(name);
  }

  long[] shape(String name) {
    return Shapes.of(tensor(name));
  }

  Tensor tensor(String name) {
    Tensor tensor = weights.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("the model has no weights named " + name);
    }
    return tensor;
  }

  String weight(String name) {
    return graph.weight(name, tensor(name));
  }

  /** A convolution. */
  String conv(String layer, String x, long stride, long padding) {
    Map<String, ?> attributes =
        Map.of(
            "strides", new long[] {stride, stride},
            "pads", new long[] {padding, padding, padding, padding});
    return graph.node("Conv", attributes, x, weight(layer + ".weight"), weight(layer + ".bias"));
  }

  /** A dense layer on rows, (n, inputs). */
  String linear(String layer, String rows) {
    return graph.node(
        "Gemm", Map.of("transB", 1L), rows, weight(layer + ".weight"), weight(layer + ".bias"));
  }

  String silu(String x) {
    return graph.node("Mul", x, graph.node("Sigmoid", x));
  }

  /** GroupNorm in groups of 16 channels of a map (n, channels, side, side). */
  String groupNorm(String layer, String map, int side) {
    long channels = shape(layer + ".weight")[0];
    long groups = channels % CHANNELS_PER_GROUP == 0 ? channels / CHANNELS_PER_GROUP : 1;
    String normal =
        graph.reshape(
            normalized(graph.reshape(map, 0, groups, -1), groups), 0, channels, side, side);
    return affine(layer, normal, channels, 1, 1);
  }

  /** GroupNorm of one group over all of (n, tokens, width), its weights by width. */
  String tokenNorm(String layer, String vectors, long tokens) {
    long width = shape(layer + ".weight")[0];
    String normal =
        graph.reshape(normalized(graph.reshape(vectors, 0, 1, -1), 1), 0, tokens, width);
    return affine(layer, normal, width);
  }

  private String normalized(String groups, long count) {
    float[] ones = new float[(int) count];
    Arrays.fill(ones, 1);
    return graph.node(
        "InstanceNormalization",
        Map.of("epsilon", EPSILON),
        groups,
        graph.floats(ones),
        graph.floats(new float[(int) count]));
  }

  private String affine(String layer, String x, long... shape) {
    String scale = graph.weight(layer + ".weight.shaped", tensor(layer + ".weight").reshape(shape));
    String shift = graph.weight(layer + ".bias.shaped", tensor(layer + ".bias").reshape(shape));
    return graph.node("Add", graph.node("Mul", x, scale), shift);
  }

  /** LayerNorm without weights over the last axis, of so many floats. */
  String layerNorm(String x, long width) {
    float[] ones = new float[(int) width];
    Arrays.fill(ones, 1);
    return graph.node("LayerNormalization", Map.of("epsilon", EPSILON), x, graph.floats(ones));
  }
}
