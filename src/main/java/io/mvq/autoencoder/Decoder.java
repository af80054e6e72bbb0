package io.mvq.autoencoder;

import io.mvq.tensor.Shapes;
import org.bytedeco.pytorch.Conv2dImpl;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;

/** One flat row of vectors to an image: the {@link Encoder} mirrored. */
final class Decoder extends Module {
  private final long inputs;
  private final int side;
  private final long channels;
  private final LinearImpl dense;
  private final Conv2dImpl same;
  private final Up up;

  /**
   * A decoder.
   *
   * @param grid side of the map whose positions are the tokens; 0 for a dense layer
   * @param inputs floats a row, a multiple of grid * grid
   */
  Decoder(ImageShape shape, int width, int grid, long inputs) {
    super("Decoder");
    this.inputs = inputs;
    side = Encoder.side(shape, grid);
    channels = Down.channels(side, width);
    long cells = (long) side * side;
    dense = grid == 0 ? register_module("in", new LinearImpl(inputs, channels * cells)) : null;
    same = grid == 0 ? null : register_module("in", Convolutions.same(inputs / cells, channels));
    up = register_module("up", new Up(side, shape.side(), width, shape.channels()));
  }

  /** (n, inputs) to (n, channels, side, side), about -1..1 and not clamped. */
  Tensor forward(Tensor vectors) {
    Shapes.require(vectors, "vectors", Shapes.ANY, inputs);
    Tensor map =
        dense == null
            ? same.forward(
                vectors
                    .reshape(-1, (long) side * side, inputs / ((long) side * side))
                    .transpose(1, 2)
                    .reshape(-1, inputs / ((long) side * side), side, side))
            : dense.forward(vectors).reshape(-1, channels, side, side);
    return up.forward(map);
  }

  /** The weight of the layer that makes the pixels. */
  Tensor lastLayer() {
    return up.lastLayer();
  }
}
