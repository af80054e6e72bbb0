package io.mvq.prior;

import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.LayerNormImpl;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.LongVector;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** Causal attention, then a two-layer network, each added to what its norm was given (pre-norm). */
final class TransformerBlock extends Module {
  private final int heads;
  private final double dropout;
  private final LayerNormImpl attentionNorm;
  private final LinearImpl queryKeyValue;
  private final LinearImpl attentionOut;
  private final LayerNormImpl networkNorm;
  private final LinearImpl networkIn;
  private final LinearImpl networkOut;

  /** Layers count only for the initial scale: the sum over blocks keeps a variance near 1. */
  TransformerBlock(int width, int heads, double dropout, int layers) {
    super("TransformerBlock");
    this.heads = heads;
    this.dropout = dropout;
    double deep = 0.02 / Math.sqrt(2.0 * layers);
    attentionNorm =
        register_module("attentionNorm", new LayerNormImpl(new LongVector(new long[] {width})));
    queryKeyValue = register_module("queryKeyValue", linear(width, 3L * width, 0.02));
    attentionOut = register_module("attentionOut", linear(width, width, deep));
    networkNorm =
        register_module("networkNorm", new LayerNormImpl(new LongVector(new long[] {width})));
    networkIn = register_module("networkIn", linear(width, 4L * width, 0.02));
    networkOut = register_module("networkOut", linear(4L * width, width, deep));
  }

  private static LinearImpl linear(long in, long out, double deviation) {
    LinearImpl linear = new LinearImpl(in, out);
    try (NoGradGuard guard = new NoGradGuard()) {
      linear.weight().normal_(0, deviation, null);
      linear.bias().zero_();
    }
    return linear;
  }

  /**
   * All positions at once, (n, t, width); or, with a cache, the next position alone, (n, 1, width).
   */
  Tensor forward(Tensor x, KeyValueCache cache, int layer) {
    long n = x.size(0);
    long t = x.size(1);
    long width = x.size(2);
    // (n, t, 3 * width) -> (3, n, heads, t, width / heads)
    Tensor split =
        queryKeyValue
            .forward(attentionNorm.forward(x))
            .view(n, t, 3, heads, width / heads)
            .permute(2, 0, 3, 1, 4);
    Tensor key = split.select(0, 1);
    Tensor value = split.select(0, 2);
    if (cache != null) {
      key = cache.addKey(layer, key);
      value = cache.addValue(layer, value);
    }
    Tensor attended =
        torch.scaled_dot_product_attention(
            split.select(0, 0),
            key,
            value,
            new TensorOptional(),
            is_training() ? dropout : 0,
            cache == null,
            new DoubleOptional(),
            false);
    Tensor joined = attended.transpose(1, 2).reshape(n, t, width);
    Tensor between = x.add(drop(attentionOut.forward(joined)));
    Tensor hidden = torch.gelu(networkIn.forward(networkNorm.forward(between)));
    return between.add(drop(networkOut.forward(hidden)));
  }

  private Tensor drop(Tensor x) {
    return dropout == 0 ? x : torch.dropout(x, dropout, is_training());
  }
}
