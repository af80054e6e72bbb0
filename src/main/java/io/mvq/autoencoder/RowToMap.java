package io.mvq.autoencoder;

import io.mvq.tensor.Shapes;
import org.bytedeco.pytorch.Conv2dImpl;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;

/** A flat row of vectors to a map: {@link MapToRow} mirrored. */
final class RowToMap extends Module {
  private final long inputs;
  private final int side;
  private final long channels;
  private final LinearImpl dense;
  private final Conv2dImpl same;

  /**
   * For maps (n, channels, side, side). @param inputs floats a row; a multiple of a grid's cells
   */
  RowToMap(long inputs, long channels, int side, boolean grid) {
    super("RowToMap");
    this.inputs = inputs;
    this.side = side;
    this.channels = channels;
    long cells = (long) side * side;
    dense = grid ? null : register_module("in", new LinearImpl(inputs, channels * cells));
    same = grid ? register_module("in", Convolutions.same(inputs / cells, channels)) : null;
  }

  /** (n, inputs) to (n, channels, side, side). */
  Tensor forward(Tensor row) {
    Shapes.require(row, "vectors", Shapes.ANY, inputs);
    if (dense != null) {
      return dense.forward(row).reshape(-1, channels, side, side);
    }
    long cells = (long) side * side;
    Tensor map = row.reshape(-1, cells, inputs / cells).transpose(1, 2);
    return Convolutions.run(same, map.reshape(-1, inputs / cells, side, side));
  }
}
