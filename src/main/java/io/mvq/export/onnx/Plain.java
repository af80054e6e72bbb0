package io.mvq.export.onnx;

import java.util.List;
import java.util.Map;

/**
 * Tokens side by side without masks: {@code SeparateTokens}, {@code SharedTokens}.
 *
 * @param each one token for all places, or one for each
 * @param tokens places
 */
record Plain(Graph graph, List<Token> each, int tokens) implements Level {
  @Override
  public Encoded encode(String latents) {
    if (isShared()) {
      String rows = graph.reshape(latents, -1, each.get(0).inputs());
      return new Encoded(graph.reshape(each.get(0).encode(rows), -1, tokens), null);
    }
    String[] found = new String[tokens];
    long from = 0;
    for (int t = 0; t < tokens; t++) {
      long to = from + each.get(t).inputs();
      String part = graph.columns(latents, from, to);
      found[t] = graph.reshape(each.get(t).encode(part), -1, 1);
      from = to;
    }
    return new Encoded(graph.joined(found), null);
  }

  @Override
  public String lookup(String indices, String masks) {
    if (isShared()) {
      String rows = each.get(0).lookup(graph.reshape(indices, -1));
      // (n * t, D) to (n, t * D): the batch is what the tokens had.
      String places = graph.node("Shape", Map.of("end", 1L), indices);
      String shape = graph.node("Concat", Map.of("axis", 0L), places, graph.longs(-1));
      return graph.node("Reshape", rows, shape);
    }
    String[] vectors = new String[tokens];
    for (int t = 0; t < tokens; t++) {
      String one = graph.reshape(graph.columns(indices, t, t + 1), -1);
      vectors[t] = each.get(t).lookup(one);
    }
    return graph.joined(vectors);
  }

  private boolean isShared() {
    return each.size() == 1 && tokens > 1;
  }
}
