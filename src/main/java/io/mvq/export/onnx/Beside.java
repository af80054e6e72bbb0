package io.mvq.export.onnx;

import java.util.Map;

/**
 * {@code NoisyTokens}: random values beside the vectors, from bits that are given as masks; nothing
 * wins, so encoding gives none.
 *
 * @param values an image
 * @param bits a value
 */
record Beside(Graph graph, Level plain, long values, long bits) implements Level {
  @Override
  public int tokens() {
    return plain.tokens();
  }

  @Override
  public Encoded encode(String latents) {
    return plain.encode(latents);
  }

  @Override
  public String lookup(String tokens, String masks) {
    String kept = graph.reshape(graph.cast(masks, Graph.Type.FLOAT), -1, values, bits);
    String sums = graph.node("ReduceSum", Map.of("keepdims", 0L), kept, graph.longs(2));
    String centred = graph.node("Sub", sums, graph.scalar(bits / 2.0));
    String noise = graph.node("Div", centred, graph.scalar(Math.sqrt(bits) / 2));
    return graph.joined(plain.lookup(tokens, null), noise);
  }
}
