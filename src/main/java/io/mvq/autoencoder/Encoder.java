package io.mvq.autoencoder;

import io.mvq.tensor.Shapes;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;

/** Image to one flat row of latents: halvings, down to about 4x4 or to a grid of tokens. */
final class Encoder extends Module {
  private final ImageShape shape;
  private final Down down;
  private final MapToRow row;

  /**
   * An encoder.
   *
   * @param grid side of the map whose positions are the tokens; 0 for a dense layer
   * @param outputs floats a row, a multiple of grid * grid
   */
  Encoder(ImageShape shape, int width, int grid, long outputs) {
    super("Encoder");
    this.shape = shape;
    int side = side(shape, grid);
    down = register_module("down", new Down(shape.channels(), shape.side(), side, width));
    row = register_module("row", new MapToRow(Down.channels(side, width), side, grid > 0, outputs));
  }

  /** The side that the convolutions go down to. */
  static int side(ImageShape shape, int grid) {
    shape.requireGrid(grid);
    return grid == 0 ? shape.smallest() : grid;
  }

  /**
   * (n, channels, side, side) in -1..1 to (n, outputs), for a grid one position after the other.
   */
  Tensor forward(Tensor images) {
    Shapes.require(images, "images", Shapes.ANY, shape.channels(), shape.side(), shape.side());
    return row.forward(down.forward(images));
  }
}
