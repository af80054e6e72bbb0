package io.mvq.export.onnx;

import io.mvq.tensor.Tensors;
import java.util.Map;

/**
 * {@code MvqBottleneck}: base codes, and masked secondary codes that a head turns into residuals.
 *
 * @param module its name
 * @param base quantizer of T1 tokens of width D
 * @param secondary quantizer of T2 tokens of width C
 * @param tried masks that encoding tries, (H, C) of zeros and ones: those that encoding an image by
 *     itself tries
 * @param winnerPerToken one winner a base token
 */
record Masked(
    Graph graph,
    Layers layers,
    String module,
    Codes base,
    Codes secondary,
    int baseTokens,
    int secondaryTokens,
    byte[] tried,
    boolean winnerPerToken)
    implements Level {
  @Override
  public int tokens() {
    return baseTokens + secondaryTokens;
  }

  @Override
  public Encoded encode(String latents) {
    long split = baseTokens * base.width();
    long end = split + secondaryTokens * secondary.width();
    String target = graph.columns(latents, 0, split);
    String first = base.nearest(graph.reshape(target, -1, base.width()));
    String second =
        secondary.nearest(graph.reshape(graph.columns(latents, split, end), -1, secondary.width()));
    String tokens =
        graph.joined(
            graph.reshape(first, -1, baseTokens), graph.reshape(second, -1, secondaryTokens));
    return new Encoded(tokens, winners(c1(first), c2(second), target));
  }

  /** (n, winners, C) uint8 of the masks tried that bring the base nearest to the target. */
  private String winners(String c1, String c2, String target) {
    long count = tried.length / secondary.width();
    String masks = graph.bytes(tried, count, secondary.width());
    String kept =
        graph.reshape(graph.cast(masks, Graph.Type.FLOAT), 1, count, 1, secondary.width());
    String residuals = residuals(c2, kept, count);
    String wanted =
        graph.node(
            "Sub",
            graph.reshape(target, -1, 1, baseTokens, base.width()),
            graph.reshape(c1, -1, 1, baseTokens, base.width()));
    String apart = graph.node("Sub", residuals, wanted);
    long[] axes = winnerPerToken ? new long[] {3} : new long[] {2, 3};
    String losses =
        graph.node(
            "ReduceMean", Map.of("axes", axes, "keepdims", 0L), graph.node("Mul", apart, apart));
    String best = graph.node("ArgMin", Map.of("axis", 1L, "keepdims", 0L), losses);
    return graph.reshape(
        graph.node("Gather", masks, best), -1, winnersAnImage(), secondary.width());
  }

  private long winnersAnImage() {
    return winnerPerToken ? baseTokens : 1;
  }

  @Override
  public String lookup(String tokens, String masks) {
    String first = graph.reshape(graph.columns(tokens, 0, baseTokens), -1);
    String second = graph.reshape(graph.columns(tokens, baseTokens, tokens()), -1);
    long winners = winnersAnImage();
    String kept =
        graph.reshape(graph.cast(masks, Graph.Type.FLOAT), 0, winners, 1, secondary.width());
    String residual = residuals(c2(second), kept, winners);
    if (winners > 1) { // run t is kept at token t only
      float[] eye = new float[baseTokens * baseTokens];
      for (int t = 0; t < baseTokens; t++) {
        eye[t * baseTokens + t] = 1;
      }
      String own = graph.weight(module + ".own", Tensors.of(eye, 1, baseTokens, baseTokens, 1));
      residual =
          graph.node(
              "ReduceSum",
              Map.of("keepdims", 0L),
              graph.node("Mul", residual, own),
              graph.longs(1));
    }
    long outputs = baseTokens * base.width();
    return graph.node(
        "Add", graph.reshape(c1(first), -1, outputs), graph.reshape(residual, -1, outputs));
  }

  private String c1(String index) {
    return graph.reshape(base.lookup(index), -1, baseTokens, base.width());
  }

  private String c2(String index) {
    return graph.reshape(secondary.lookup(index), -1, secondaryTokens, secondary.width());
  }

  /** Of masks (n or 1, m, 1, C): residuals (n, m, T1, D). */
  private String residuals(String c2, String kept, long m) {
    String normal = layers.tokenNorm(module + ".dropout.norm", c2, secondaryTokens);
    String each = graph.reshape(normal, 0, 1, secondaryTokens, secondary.width());
    String masked = graph.node("Mul", each, kept);
    String x = graph.reshape(masked, -1, secondaryTokens * secondary.width());
    String head = module + ".dropout.head.layer";
    for (int l = 0; layers.has(head + l + ".weight"); l++) {
      x = layers.linear(head + l, l == 0 ? x : graph.node("Relu", x));
    }
    return graph.reshape(x, -1, m, baseTokens, base.width());
  }
}
