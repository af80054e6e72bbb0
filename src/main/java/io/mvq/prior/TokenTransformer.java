package io.mvq.prior;

import org.bytedeco.pytorch.LayerNormImpl;
import org.bytedeco.pytorch.LongVector;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * A decoder-only Transformer over an image's tokens. The first input is the class, or a start token
 * that also stands for "no class".
 */
public final class TokenTransformer extends TokenPrior {
  private static final double DEVIATION = 0.02;

  private final int heads;
  private final int width;
  private final double dropout;
  private final Tensor starts; // (classes + 1, width), the last is the start token
  private final Tensor positions; // (t, width)
  private final TransformerBlock[] blocks;
  private final LayerNormImpl norm;

  /** A fresh prior over a row of tokens that each have codes of their own. */
  public TokenTransformer(
      int[] codes, int classes, int width, int layers, int heads, double dropout) {
    this(TokenMap.row(codes), classes, width, layers, heads, dropout);
  }

  /** A tenth of the classes is hidden. */
  public TokenTransformer(
      TokenMap map, int classes, int width, int layers, int heads, double dropout) {
    this(map, classes, width, layers, heads, dropout, HIDDEN_CLASSES);
  }

  /**
   * A fresh prior; seed LibTorch before.
   *
   * @param classes 0 for an unconditional prior
   * @param width floats a position
   * @param heads must divide the width
   * @param dropout while training, in [0, 1)
   * @param hidden share of training rows whose class is hidden, in [0, 1)
   */
  public TokenTransformer(
      TokenMap map, int classes, int width, int layers, int heads, double dropout, double hidden) {
    super("TokenTransformer", map, classes, hidden, width, DEVIATION);
    TokenMap.require(layers >= 1, "layers", "must be at least 1", layers);
    TokenMap.require(
        heads >= 1 && width % heads == 0, "heads", "must divide the width " + width, heads);
    TokenMap.require(dropout >= 0 && dropout < 1, "dropout", "must be in [0, 1)", dropout);
    this.width = width;
    this.heads = heads;
    this.dropout = dropout;
    starts = parameter("starts", classes + 1L, width);
    positions = parameter("positions", map.positions(), width);
    blocks = new TransformerBlock[layers];
    for (int layer = 0; layer < layers; layer++) {
      blocks[layer] =
          register_module("block" + layer, new TransformerBlock(width, heads, dropout, layers));
    }
    norm = register_module("norm", new LayerNormImpl(new LongVector(new long[] {width})));
  }

  private Tensor parameter(String name, long... shape) {
    Tensor values = torch.randn(shape).mul_(new Scalar(DEVIATION));
    register_parameter(name, values, true); // its result points into the module: keep our own
    return values;
  }

  @Override
  Tensor hidden(Tensor tokens, Tensor rows) {
    Tensor input = starts.index_select(0, rows).unsqueeze(1);
    if (positions() > 1) {
      Tensor before = table.embed(tokens).narrow(1, 0, positions() - 1L);
      input = torch.cat(new TensorVector(input, before), 1);
    }
    return trunk(input.add(positions), null);
  }

  private Tensor trunk(Tensor input, KeyValueCache cache) {
    Tensor x = dropout == 0 ? input : torch.dropout(input, dropout, is_training());
    for (int layer = 0; layer < blocks.length; layer++) {
      x = blocks[layer].forward(x, cache, layer);
    }
    return norm.forward(x);
  }

  @Override
  Walk walk(Tensor rows) {
    KeyValueCache cache =
        new KeyValueCache(blocks.length, rows.size(0), heads, positions(), width / heads, starts);
    return previous -> {
      int position = cache.length();
      Tensor input =
          position == 0 ? starts.index_select(0, rows) : table.embed(previous, position - 1);
      Tensor placed = input.add(positions.select(0, position)).unsqueeze(1);
      Tensor hidden = trunk(placed, cache).select(1, 0);
      cache.advance();
      return table.logits(hidden, position);
    };
  }
}
