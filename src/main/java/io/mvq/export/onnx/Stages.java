package io.mvq.export.onnx;

import java.util.ArrayList;
import java.util.List;

/**
 * {@code ResidualBottleneck}: what a first level leaves, quantized stage by stage.
 *
 * @param width floats a row
 */
record Stages(Graph graph, Level first, List<Codes> stages, long width) implements Level {
  @Override
  public int tokens() {
    return first.tokens() + stages.stream().mapToInt(this::count).sum();
  }

  @Override
  public Encoded encode(String latents) {
    String begun = first.encode(latents).tokens();
    List<String> tokens = new ArrayList<>(List.of(begun));
    String rest = graph.node("Sub", latents, first.lookup(begun, null));
    for (Codes stage : stages) {
      String index = stage.nearest(graph.reshape(rest, -1, stage.width()));
      tokens.add(graph.reshape(index, -1, count(stage)));
      rest = graph.node("Sub", rest, graph.reshape(stage.lookup(index), -1, width));
    }
    return new Encoded(graph.joined(tokens.toArray(String[]::new)), null);
  }

  @Override
  public String lookup(String tokens, String masks) {
    int from = first.tokens();
    String sum = first.lookup(graph.columns(tokens, 0, from), null);
    for (Codes stage : stages) {
      int to = from + count(stage);
      String index = graph.reshape(graph.columns(tokens, from, to), -1);
      sum = graph.node("Add", sum, graph.reshape(stage.lookup(index), -1, width));
      from = to;
    }
    return sum;
  }

  private int count(Codes stage) {
    return Math.toIntExact(width / stage.width());
  }
}
