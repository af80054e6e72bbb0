package io.mvq.prior;

import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Gated PixelCNN (arXiv 1606.05328) over a map of tokens. The vertical stack of a position sees all
 * rows above it, the horizontal stack also the positions to its left; kernels span 3 columns, and
 * two rows going down. The masks of the paper are here shifts of the input: the vertical stack
 * reads the map moved down by a row, the horizontal one moved right by a column, so no layer needs
 * a mask of another kind than the first.
 */
public final class PixelCnn extends TokenPrior {
  private final int width;
  private final double dropout;
  private final GatedLayer[] layers;
  private final LinearImpl last;

  /** A tenth of the classes is hidden. */
  public PixelCnn(TokenMap map, int classes, int width, int layers, double dropout) {
    this(map, classes, width, layers, dropout, HIDDEN_CLASSES);
  }

  /**
   * A fresh prior; seed LibTorch before.
   *
   * @param classes 0 for an unconditional prior
   * @param width floats a position
   * @param layers a position is seen from up to so many positions away
   * @param dropout while training, in [0, 1)
   * @param hidden share of training rows whose class is hidden, in [0, 1)
   */
  public PixelCnn(TokenMap map, int classes, int width, int layers, double dropout, double hidden) {
    super("PixelCnn", map, classes, hidden, width, 1);
    TokenMap.require(layers >= 1, "layers", "must be at least 1", layers);
    TokenMap.require(dropout >= 0 && dropout < 1, "dropout", "must be in [0, 1)", dropout);
    this.width = width;
    this.dropout = dropout;
    this.layers = new GatedLayer[layers];
    for (int layer = 0; layer < layers; layer++) {
      this.layers[layer] = register_module("layer" + layer, new GatedLayer(width, classes));
    }
    last = register_module("last", new LinearImpl(width, width));
  }

  @Override
  Tensor hidden(Tensor tokens, Tensor rows) {
    long n = tokens.size(0);
    Tensor map = table.embed(tokens).view(n, map().height(), map().width(), width);
    // Pairs of padding go from the last dimension to the first: floats, columns, rows.
    Tensor above = torch.constant_pad_nd(map.narrow(1, 0, map().height() - 1L), 0, 0, 0, 0, 1, 0);
    Tensor left = torch.constant_pad_nd(map.narrow(2, 0, map().width() - 1L), 0, 0, 1, 0);
    for (GatedLayer layer : layers) {
      Tensor bias = layer.bias(rows);
      Tensor down = layer.down(torch.constant_pad_nd(above, 0, 0, 1, 1, 1, 0), bias);
      Tensor across = layer.across(torch.constant_pad_nd(left, 0, 0, 1, 0), layer.link(down, bias));
      above = drop(layer.gate(down));
      left = left.add(drop(across));
    }
    return finish(left).view(n, positions(), width);
  }

  private Tensor drop(Tensor x) {
    return dropout == 0 ? x : torch.dropout(x, dropout, is_training());
  }

  /** From the horizontal stack to what the heads read. */
  Tensor finish(Tensor horizontal) {
    return torch.relu(last.forward(torch.relu(horizontal)));
  }

  @Override
  Walk walk(Tensor rows) {
    return new PixelWalk(this, layers, rows, width);
  }
}
