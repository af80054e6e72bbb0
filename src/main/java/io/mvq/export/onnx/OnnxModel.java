package io.mvq.export.onnx;

import io.mvq.autoencoder.ImageShape;
import io.mvq.recipe.Architecture;
import io.mvq.recipe.Continuous;
import io.mvq.recipe.Hierarchy;
import io.mvq.recipe.Mvq;
import io.mvq.recipe.Recipe;
import io.mvq.recipe.Single;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/**
 * An autoencoder's two halves as ONNX models.
 *
 * <p>The decoder takes {@code tokens}, int64 (n, t), and of a model with masks {@code masks}, uint8
 * (n, winners, C) of zeros and ones, and gives {@code images}, float32 (n, c, side, side) in -1..1.
 * The encoder goes the other way, with the masks that mvq tries. Without tokens both speak of
 * {@code latents}, float32 (n, t, D).
 *
 * @param weights of the autoencoder by their names
 * @param notes texts kept in both files
 */
public record OnnxModel(Recipe recipe, Map<String, Tensor> weights, Map<String, String> notes) {
  private static final long ANY = -1;

  public OnnxModel {
    long bytes = weights.values().stream().mapToLong(tensor -> tensor.numel() * Float.BYTES).sum();
    if (bytes >= 1L << 30) {
      throw new IllegalArgumentException(
          "weights must be of less than 1 GiB to be in one ONNX file, got " + bytes + " bytes");
    }
  }

  /** The bytes of {@code decoder.onnx}. */
  public byte[] decoder() {
    Half half = new Half(new Graph("decoder"));
    Architecture architecture = recipe.architecture();
    String images;
    if (architecture instanceof Continuous continuous) {
      long width = continuous.codeWidth();
      String latents =
          half.graph.input("latents", Graph.Type.FLOAT, ANY, latents(continuous), width);
      String normal = half.graph.node("Flatten", half.layers.layerNorm(latents, width));
      images = half.decoded(normal, grid(continuous.grid()));
    } else {
      int count = half.tokens();
      String tokens = half.graph.input("tokens", Graph.Type.INT64, ANY, count);
      String masks =
          architecture.masked()
              ? half.graph.input(
                  "masks", Graph.Type.UINT8, ANY, winners(), recipe.tokens().maskWidth())
              : null;
      images =
          architecture instanceof Hierarchy two
              ? half.decoded(two, tokens, masks)
              : half.decoded(
                  half.top().lookup(tokens, masks), grid(((Single) architecture).grid()));
    }
    String clipped = half.graph.node("Clip", images, half.graph.scalar(-1), half.graph.scalar(1));
    half.graph.output(clipped, "images", Graph.Type.FLOAT, image());
    return half.graph.model(notes);
  }

  /** The bytes of {@code encoder.onnx}. */
  public byte[] encoder() {
    Half half = new Half(new Graph("encoder"));
    Architecture architecture = recipe.architecture();
    String images = half.graph.input("images", Graph.Type.FLOAT, image());
    if (architecture instanceof Continuous continuous) {
      long width = continuous.codeWidth();
      String row = half.encoded(images, grid(continuous.grid()));
      String each = half.graph.reshape(row, -1, latents(continuous), width);
      half.graph.output(
          half.layers.layerNorm(each, width),
          "latents",
          Graph.Type.FLOAT,
          ANY,
          latents(continuous),
          width);
      return half.graph.model(notes);
    }
    Level.Encoded found =
        architecture instanceof Hierarchy two
            ? half.encoded(two, images)
            : half.top().encode(half.encoded(images, grid(((Single) architecture).grid())));
    half.graph.output(found.tokens(), "tokens", Graph.Type.INT64, ANY, half.tokens());
    if (found.masks() != null) {
      half.graph.output(
          found.masks(), "masks", Graph.Type.UINT8, ANY, winners(), recipe.tokens().maskWidth());
    }
    return half.graph.model(notes);
  }

  private long[] image() {
    return new long[] {ANY, recipe.data().channels(), recipe.data().side(), recipe.data().side()};
  }

  private static long latents(Continuous continuous) {
    return continuous.grid() > 0 ? continuous.grid() * continuous.grid() : continuous.latents();
  }

  /** Side of the last map. */
  private int grid(int grid) {
    return grid == 0 ? shape().smallest() : grid;
  }

  private ImageShape shape() {
    return new ImageShape(recipe.data().channels(), recipe.data().side());
  }

  private long winners() {
    boolean each = recipe.tokens() instanceof Mvq mvq && mvq.hypotheses().winnerPerToken();
    return each ? recipe.tokens().baseTokens() : 1;
  }

  /** A graph with what is put into it. */
  private final class Half {
    private final Graph graph;
    private final Layers layers;
    private final Maps maps;
    private final Levels levels;

    Half(Graph graph) {
      this.graph = graph;
      layers = new Layers(graph, weights);
      maps = new Maps(graph, layers);
      levels = new Levels(graph, layers, recipe.training().seed());
    }

    /** The only level, or a hierarchy's upper one. */
    Level top() {
      boolean two = recipe.architecture() instanceof Hierarchy;
      return levels.of(
          recipe.tokens(), recipe.architecture().firstGrid(), two ? "top" : "bottleneck");
    }

    private Level bottom(Hierarchy two) {
      return levels.of(two.tokens().below(two.bottomTokens()), two.grid(), "bottom");
    }

    int tokens() {
      int below = recipe.architecture() instanceof Hierarchy two ? bottom(two).tokens() : 0;
      return top().tokens() + below;
    }

    String encoded(String images, int side) {
      String map = maps.down("encoder.down", images, recipe.data().side(), side);
      return maps.toRow("encoder.row", map, side);
    }

    String decoded(String vectors, int side) {
      String map = maps.toMap("decoder.map", vectors, side);
      return maps.up("decoder.up", map, side, recipe.data().side());
    }

    Level.Encoded encoded(Hierarchy two, String images) {
      int side = side(two);
      String seen = maps.down("down", images, recipe.data().side(), side);
      String small = maps.down("downTop", seen, side, side / 2);
      Level top = top();
      Level.Encoded above = top.encode(maps.toRow("topRow", small, side / 2));
      String context = context(top.lookup(above.tokens(), above.masks()), side);
      String row = maps.toRow("bottomRow", graph.joined(context, seen), side);
      Level.Encoded below = bottom(two).encode(row);
      return new Level.Encoded(graph.joined(above.tokens(), below.tokens()), above.masks());
    }

    String decoded(Hierarchy two, String tokens, String masks) {
      int side = side(two);
      Level top = top();
      Level bottom = bottom(two);
      int all = top.tokens() + bottom.tokens();
      String context = context(top.lookup(graph.columns(tokens, 0, top.tokens()), masks), side);
      String below = bottom.lookup(graph.columns(tokens, top.tokens(), all), null);
      String map = maps.toMap("bottomMap", below, side);
      String joined = layers.conv("join", graph.joined(context, map), 1, 1);
      return maps.up("up", joined, side, recipe.data().side());
    }

    private String context(String vectors, int side) {
      return maps.up("upTop", maps.toMap("topMap", vectors, side / 2), side / 2, side);
    }

    private int side(Hierarchy two) {
      return two.grid() == 0 ? shape().smallestBottom() : two.grid();
    }
  }
}
