package io.mvq.prior;

import io.mvq.tensor.Devices;
import io.mvq.tensor.Shapes;
import io.mvq.tensor.Tensors;
import java.util.Arrays;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.LayerNormImpl;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.LongVector;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A decoder-only Transformer over an image's tokens. Every position has its own codes: position i
 * takes tokens in [0, codes[i]), with an embedding and a head of its own. The first input is the
 * class, or a start token that also stands for "no class".
 */
public final class TokenTransformer extends Module {
  /** Share of training rows whose class is hidden, so that sampling without one is learned too. */
  private static final double HIDDEN_CLASSES = 0.1;

  private final int[] codes;
  private final long[] offsets;
  private final int classes;
  private final int heads;
  private final int width;
  private final double dropout;
  private final Tensor starts; // (classes + 1, width), the last is the start token
  private final Tensor positions; // (t, width)
  private final Tensor embeddings; // (all positions' codes, width)
  private final Tensor headWeights; // (all positions' codes, width)
  private final Tensor headBiases; // (all positions' codes)
  private final Tensor limits; // (t), codes as a tensor
  private final Tensor shifts; // (t), offsets as a tensor
  private final TransformerBlock[] blocks;
  private final LayerNormImpl norm;

  /**
   * A fresh prior; seed LibTorch before.
   *
   * @param codes the number of codes at each position; its length is t
   * @param classes 0 for an unconditional prior
   * @param width floats a position
   * @param heads must divide the width
   * @param dropout while training, in [0, 1)
   */
  public TokenTransformer(
      int[] codes, int classes, int width, int layers, int heads, double dropout) {
    super("TokenTransformer");
    require(codes.length >= 1, "codes", "must name at least 1 position", codes.length);
    for (int count : codes) {
      require(count >= 1, "codes", "must be at least 1 at each position", Arrays.toString(codes));
    }
    require(classes >= 0, "classes", "must be at least 0", classes);
    require(width >= 1, "width", "must be at least 1", width);
    require(layers >= 1, "layers", "must be at least 1", layers);
    require(heads >= 1 && width % heads == 0, "heads", "must divide the width " + width, heads);
    require(dropout >= 0 && dropout < 1, "dropout", "must be in [0, 1)", dropout);
    this.codes = codes.clone();
    this.classes = classes;
    this.width = width;
    this.heads = heads;
    this.dropout = dropout;
    offsets = new long[codes.length + 1];
    for (int i = 0; i < codes.length; i++) {
      offsets[i + 1] = offsets[i] + codes[i];
    }
    long all = offsets[codes.length];
    starts = parameter("starts", 0.02, classes + 1L, width);
    positions = parameter("positions", 0.02, codes.length, width);
    embeddings = parameter("embeddings", 0.02, all, width);
    headWeights = parameter("headWeights", 0.02, all, width);
    headBiases = parameter("headBiases", 0, all);
    limits = Tensors.of(Arrays.stream(codes).asLongStream().toArray(), codes.length);
    shifts = Tensors.of(Arrays.copyOf(offsets, codes.length), codes.length);
    blocks = new TransformerBlock[layers];
    for (int layer = 0; layer < layers; layer++) {
      blocks[layer] =
          register_module("block" + layer, new TransformerBlock(width, heads, dropout, layers));
    }
    norm = register_module("norm", new LayerNormImpl(new LongVector(new long[] {width})));
  }

  private Tensor parameter(String name, double deviation, long... shape) {
    Tensor values = torch.randn(shape).mul_(new Scalar(deviation));
    register_parameter(name, values, true); // its result points into the module: keep our own
    return values;
  }

  /** Positions, t. */
  public int positions() {
    return codes.length;
  }

  /**
   * Mean cross-entropy in nats a token.
   *
   * @param tokens (n, t) int64
   * @param labels (n) int64 in [0, classes), or null for no class
   */
  public Tensor loss(Tensor tokens, Tensor labels) {
    Tensor there = Devices.like(tokens, starts);
    Tensor hidden = hidden(there, labels);
    TensorVector losses = new TensorVector();
    for (int i = 0; i < codes.length; i++) {
      losses.push_back(torch.cross_entropy(head(hidden.select(1, i), i), there.select(1, i)));
    }
    return torch.stack(losses).mean();
  }

  /**
   * Logits of a position given the tokens before it, (n, codes[position]).
   *
   * @param tokens (n, t) int64; those from {@code position} on have no effect
   * @param labels (n) int64 in [0, classes), or null for no class
   */
  public Tensor logits(Tensor tokens, Tensor labels, int position) {
    require(
        position >= 0 && position < codes.length,
        "position",
        "must be in [0, " + codes.length + ")",
        position);
    Tensor there = Devices.like(tokens, starts);
    return head(hidden(there, labels).select(1, position), position);
  }

  /** What the heads read, (n, t, width). */
  private Tensor hidden(Tensor tokens, Tensor labels) {
    check(tokens);
    long n = tokens.size(0);
    Tensor input = start(n, labels).unsqueeze(1);
    if (codes.length > 1) {
      Tensor rows = tokens.add(shifts.to(tokens.device(), ScalarType.Long));
      Tensor before = rows.narrow(1, 0, codes.length - 1).reshape(-1);
      Tensor embedded = embeddings.index_select(0, before).view(n, codes.length - 1, width);
      input = torch.cat(new TensorVector(input, embedded), 1);
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

  private Tensor head(Tensor hidden, int position) {
    Tensor weights = headWeights.narrow(0, offsets[position], codes[position]);
    Tensor biases = headBiases.narrow(0, offsets[position], codes[position]);
    return hidden.matmul(weights.t()).add(biases);
  }

  private Tensor start(long n, Tensor labels) {
    if (labels == null) {
      return starts.narrow(0, classes, 1).expand(n, width);
    }
    require(classes > 0, "labels", "must be null: this prior has no classes", "a tensor");
    Shapes.require(labels, "labels", n);
    requireRange(labels, "labels", classes);
    Tensor rows = labels.to(starts.device(), ScalarType.Long);
    if (is_training()) {
      Tensor hide =
          torch.rand(n).lt(new Scalar(HIDDEN_CLASSES)).to(starts.device(), ScalarType.Bool);
      rows = rows.masked_fill(hide, new Scalar((long) classes));
    }
    return starts.index_select(0, rows);
  }

  /**
   * Draws tokens, one position after another, in evaluation mode and without gradients.
   *
   * @param n images
   * @param labels (n) int64 in [0, classes), or null for no class
   * @param seed equal seeds give equal tokens
   * @return (n, t) int64 on the CPU; retained, so the caller closes it
   */
  public Tensor sample(int n, Tensor labels, Sampling sampling, long seed) {
    require(n >= 1, "n", "must be at least 1", n);
    boolean training = is_training();
    eval();
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      GeneratorOptional generator = new GeneratorOptional(torch.make_generator_cpu(seed));
      KeyValueCache cache = cache(n);
      Tensor tokens = Tensors.longZeros(n, codes.length);
      Tensor previous = null;
      for (int i = 0; i < codes.length; i++) {
        previous = sampling.draw(next(cache, n, previous, labels), generator).cpu();
        tokens.select(1, i).copy_(previous);
      }
      return tokens.retainReference();
    } finally {
      train(training);
    }
  }

  KeyValueCache cache(long n) {
    return new KeyValueCache(blocks.length, n, heads, codes.length, width / heads, starts);
  }

  /** Logits (n, codes[i]) of the position the cache has come to, given the token before it. */
  Tensor next(KeyValueCache cache, long n, Tensor previous, Tensor labels) {
    int position = cache.length();
    Tensor input;
    if (position == 0) {
      input = start(n, labels);
    } else {
      Tensor rows = previous.to(embeddings.device(), ScalarType.Long);
      input = embeddings.index_select(0, rows.add(new Scalar(offsets[position - 1])));
    }
    Tensor placed = input.add(positions.select(0, position)).unsqueeze(1);
    Tensor hidden = trunk(placed, cache).select(1, 0);
    cache.advance();
    return head(hidden, position);
  }

  private void check(Tensor tokens) {
    Shapes.require(tokens, "tokens", Shapes.ANY, codes.length);
    require(tokens.size(0) >= 1, "tokens", "must have at least 1 row", 0);
    require(
        tokens.scalar_type().intern() == ScalarType.Long,
        "tokens",
        "must be of type Long",
        tokens.scalar_type().intern());
    Tensor bad =
        tokens
            .lt(new Scalar(0L))
            .bitwise_or(tokens.ge(limits.to(tokens.device(), ScalarType.Long)));
    if (bad.any().item_bool()) {
      long flat = bad.reshape(-1).to(ScalarType.Int).argmax(new LongOptional(), false).item_long();
      int position = (int) (flat % codes.length);
      throw new IllegalArgumentException(
          "tokens at position "
              + position
              + " must be in [0, "
              + codes[position]
              + "), got "
              + tokens.reshape(-1).select(0, flat).item_long()
              + " in row "
              + flat / codes.length);
    }
  }

  private static void requireRange(Tensor values, String name, long limit) {
    long least = values.min().item_long();
    long most = values.max().item_long();
    require(
        least >= 0 && most < limit,
        name,
        "must be in [0, " + limit + ")",
        least < 0 ? least : most);
  }

  private static void require(boolean holds, String name, String rule, Object value) {
    if (!holds) {
      throw new IllegalArgumentException(name + " " + rule + ", got " + value);
    }
  }
}
