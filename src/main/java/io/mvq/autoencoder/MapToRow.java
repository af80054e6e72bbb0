package io.mvq.autoencoder;

import org.bytedeco.pytorch.Conv2dImpl;
import org.bytedeco.pytorch.GroupNormImpl;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A map to a flat row of latents: by a dense layer, or, for a grid of tokens, by a 1x1 convolution,
 * one position after the other.
 */
final class MapToRow extends Module {
  private final GroupNormImpl norm;
  private final LinearImpl dense;
  private final Conv2dImpl point;

  /**
   * For maps (n, channels, side, side). @param outputs floats a row; a multiple of a grid's cells
   */
  MapToRow(long channels, int side, boolean grid, long outputs) {
    super("MapToRow");
    long cells = (long) side * side;
    norm = register_module("norm", Convolutions.norm(channels));
    dense = grid ? null : register_module("out", new LinearImpl(channels * cells, outputs));
    point = grid ? register_module("out", Convolutions.point(channels, outputs / cells)) : null;
  }

  /** (n, channels, side, side) to (n, outputs), float32 whatever was calculated with. */
  Tensor forward(Tensor map) {
    Tensor x = torch.silu(norm.forward(map));
    Tensor row =
        dense == null
            ? point.forward(x).flatten(2, 3).transpose(1, 2).flatten(1, 2)
            : dense.forward(x.flatten(1, -1));
    return row.to(ScalarType.Float);
  }
}
