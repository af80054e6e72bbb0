package io.mvq.autoencoder;

import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;

/** One flat row of vectors to an image: the {@link Encoder} mirrored. */
final class Decoder extends Module {
  private final RowToMap map;
  private final Up up;

  /**
   * A decoder.
   *
   * @param grid side of the map whose positions are the tokens; 0 for a dense layer
   * @param inputs floats a row, a multiple of grid * grid
   */
  Decoder(ImageShape shape, int width, int grid, long inputs) {
    super("Decoder");
    int side = Encoder.side(shape, grid);
    map = register_module("map", new RowToMap(inputs, Down.channels(side, width), side, grid > 0));
    up = register_module("up", new Up(side, shape.side(), width, shape.channels()));
  }

  /** (n, inputs) to (n, channels, side, side), about -1..1 and not clamped. */
  Tensor forward(Tensor vectors) {
    return up.forward(map.forward(vectors));
  }

  /** The weight of the layer that makes the pixels. */
  Tensor lastLayer() {
    return up.lastLayer();
  }
}
