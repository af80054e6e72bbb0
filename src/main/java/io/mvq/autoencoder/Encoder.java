package io.mvq.autoencoder;

import io.mvq.tensor.Shapes;
import org.bytedeco.pytorch.Conv2dImpl;
import org.bytedeco.pytorch.GroupNormImpl;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Image to one flat row of latents: halvings, then a dense layer on 4x4, or, for a grid of tokens,
 * a 1x1 convolution on the grid.
 */
final class Encoder extends Module {
  private static final int SMALLEST = 4;

  private final ImageShape shape;
  private final Down down;
  private final GroupNormImpl norm;
  private final LinearImpl dense;
  private final Conv2dImpl point;

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
    long channels = Down.channels(side, width);
    down = register_module("down", new Down(shape.channels(), shape.side(), side, width));
    norm = register_module("norm", Convolutions.norm(channels));
    dense =
        grid == 0 ? register_module("out", new LinearImpl(channels * side * side, outputs)) : null;
    point =
        grid == 0
            ? null
            : register_module("out", Convolutions.point(channels, outputs / ((long) grid * grid)));
  }

  /** The side that the convolutions go down to. */
  static int side(ImageShape shape, int grid) {
    if (grid != 0 && (grid < 2 || grid * 2 > shape.side() || Integer.bitCount(grid) != 1)) {
      throw new IllegalArgumentException(
          "grid must be 0 or a power of two in 2.." + shape.side() / 2 + ", got " + grid);
    }
    return grid == 0 ? SMALLEST : grid;
  }

  /**
   * (n, channels, side, side) in -1..1 to (n, outputs), for a grid one position after the other.
   */
  Tensor forward(Tensor images) {
    Shapes.require(images, "images", Shapes.ANY, shape.channels(), shape.side(), shape.side());
    Tensor x = torch.silu(norm.forward(down.forward(images)));
    return dense == null
        ? point.forward(x).flatten(2, 3).transpose(1, 2).flatten(1, 2)
        : dense.forward(x.flatten(1, -1));
  }
}
