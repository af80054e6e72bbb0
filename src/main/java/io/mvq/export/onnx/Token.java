package io.mvq.export.onnx;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** One token, wherever it stands: a row of floats to a whole number and back. */
interface Token {
  /** Floats a row of latents. */
  long inputs();

  /** Latents (m, inputs) to tokens (m). */
  String encode(String latents);

  /** Tokens (m) to vectors (m, outputs). */
  String lookup(String tokens);

  /** {@code VqBottleneck}. */
  record Nearest(Codes codes) implements Token {
    @Override
    public long inputs() {
      return codes.width();
    }

    @Override
    public String encode(String latents) {
      return codes.nearest(latents);
    }

    @Override
    public String lookup(String tokens) {
      return codes.lookup(tokens);
    }
  }

  /** {@code RelaxedBottleneck}: the likeliest of K logits. */
  record Likeliest(Graph graph, Layers layers, String module) implements Token {
    private String table() {
      return module + ".codebook.weight";
    }

    @Override
    public long inputs() {
      return layers.shape(table())[0];
    }

    @Override
    public String encode(String latents) {
      return graph.node("ArgMax", Map.of("axis", 1L, "keepdims", 0L), latents);
    }

    @Override
    public String lookup(String tokens) {
      return graph.node("Gather", layers.weight(table()), tokens);
    }
  }

  /** {@code FsqBottleneck}: each float one of its levels. */
  record Levels(Graph graph, List<Integer> levels) implements Token {
    private static final double SHRINK = 1 - 1e-3; // as FsqBottleneck has it

    @Override
    public long inputs() {
      return levels.size();
    }

    @Override
    public String encode(String latents) {
      int width = levels.size();
      float[] half = new float[width];
      float[] offset = new float[width];
      float[] shift = new float[width];
      for (int i = 0; i < width; i++) {
        half[i] = (float) ((levels.get(i) - 1) * SHRINK / 2);
        offset[i] = levels.get(i) % 2 == 0 ? 0.5f : 0;
        shift[i] = (float) Math.tan(offset[i] / half[i]);
      }
      String bent = graph.node("Tanh", graph.node("Add", latents, graph.floats(shift)));
      String bounded =
          graph.node("Sub", graph.node("Mul", bent, graph.floats(half)), graph.floats(offset));
      String digits = graph.node("Add", graph.node("Round", bounded), graph.floats(middle()));
      return Digits.joined(graph, graph.cast(digits, Graph.Type.INT64), strides());
    }

    @Override
    public String lookup(String tokens) {
      long[] sizes = levels.stream().mapToLong(level -> level).toArray();
      String digits = Digits.of(graph, tokens, strides(), sizes);
      return graph.node("Sub", graph.node("Div", digits, graph.floats(middle())), graph.scalar(1));
    }

    private float[] middle() {
      float[] middle = new float[levels.size()];
      for (int i = 0; i < middle.length; i++) {
        middle[i] = levels.get(i) / 2;
      }
      return middle;
    }

    private long[] strides() {
      long[] strides = new long[levels.size()];
      long product = 1;
      for (int i = 0; i < strides.length; i++) {
        strides[i] = product;
        product *= levels.get(i);
      }
      return strides;
    }
  }

  /** {@code LfqBottleneck}: each float's sign. */
  record Signs(Graph graph, int bits) implements Token {
    @Override
    public long inputs() {
      return bits;
    }

    @Override
    public String encode(String latents) {
      String kept = graph.node("Greater", latents, graph.scalar(0));
      return Digits.joined(graph, graph.cast(kept, Graph.Type.INT64), strides());
    }

    @Override
    public String lookup(String tokens) {
      long[] twos = new long[bits];
      Arrays.fill(twos, 2);
      String kept = Digits.of(graph, tokens, strides(), twos);
      return graph.node("Sub", graph.node("Mul", kept, graph.scalar(2)), graph.scalar(1));
    }

    private long[] strides() {
      long[] strides = new long[bits];
      for (int i = 0; i < bits; i++) {
        strides[i] = 1L << i;
      }
      return strides;
    }
  }
}
