package io.mvq.prior;

import io.mvq.tensor.Shapes;
import io.mvq.tensor.Tensors;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Tokens to vectors and vectors to logits: an embedding and a head for each codebook of a map. */
final class TokenTable extends Module {
  private final TokenMap map;
  private final int width;
  private final long[] offsets; // of a position's codes in the tables
  private final Tensor embeddings; // (all codebooks' codes, width)
  private final Tensor headWeights; // (all codebooks' codes, width)
  private final Tensor headBiases; // (all codebooks' codes)
  private final Tensor limits; // (t), codes as a tensor
  private final Tensor shifts; // (t), offsets as a tensor

  /** Fresh tables. @param deviation of the embeddings */
  TokenTable(TokenMap map, int width, double deviation) {
    super("TokenTable");
    this.map = map;
    this.width = width;
    int t = map.positions();
    offsets = new long[t];
    long all = map.codes().get(0);
    for (int i = 1; i < t && !map.shared(); i++) {
      offsets[i] = all;
      all += map.codes().get(i);
    }
    embeddings = parameter("embeddings", deviation, all, width);
    headWeights = parameter("headWeights", 0.02, all, width);
    headBiases = parameter("headBiases", 0, all);
    limits = Tensors.of(map.codes().stream().mapToLong(Integer::longValue).toArray(), t);
    shifts = Tensors.of(offsets, t);
  }

  private Tensor parameter(String name, double deviation, long... shape) {
    Tensor values = torch.randn(shape).mul_(new Scalar(deviation));
    register_parameter(name, values, true); // its result points into the module: keep our own
    return values;
  }

  /** A tensor of the tables' device and type, to place others by. */
  Tensor like() {
    return embeddings;
  }

  /** All tokens, (n, t) to (n, t, width). */
  Tensor embed(Tensor tokens) {
    Tensor rows = tokens.add(shifts.to(tokens.device(), ScalarType.Long)).reshape(-1);
    return embeddings.index_select(0, rows).view(tokens.size(0), tokens.size(1), width);
  }

  /** The tokens at one position, (n) to (n, width). */
  Tensor embed(Tensor tokens, int position) {
    Tensor rows = tokens.to(embeddings.device(), ScalarType.Long);
    return embeddings.index_select(0, rows.add(new Scalar(offsets[position])));
  }

  /** Logits of a position, (n, width) to (n, codes[position]). */
  Tensor logits(Tensor hidden, int position) {
    long codes = map.codes().get(position);
    Tensor weights = headWeights.narrow(0, offsets[position], codes);
    return hidden.matmul(weights.t()).add(headBiases.narrow(0, offsets[position], codes));
  }

  /**
   * Mean cross-entropy over rows and positions. @param hidden (n, t, width) @param tokens (n, t)
   */
  Tensor loss(Tensor hidden, Tensor tokens) {
    if (map.shared()) {
      return torch.cross_entropy(logits(hidden.reshape(-1, width), 0), tokens.reshape(-1));
    }
    TensorVector losses = new TensorVector();
    for (int i = 0; i < map.positions(); i++) {
      losses.push_back(torch.cross_entropy(logits(hidden.select(1, i), i), tokens.select(1, i)));
    }
    return torch.stack(losses).mean();
  }

  /** Throws unless tokens is (n, t) int64, each in its position's range. */
  void check(Tensor tokens) {
    int t = map.positions();
    Shapes.require(tokens, "tokens", Shapes.ANY, t);
    TokenMap.require(tokens.size(0) >= 1, "tokens", "must have at least 1 row", 0);
    ScalarType type = tokens.scalar_type().intern();
    TokenMap.require(type == ScalarType.Long, "tokens", "must be of type Long", type);
    Tensor bad =
        tokens
            .lt(new Scalar(0L))
            .bitwise_or(tokens.ge(limits.to(tokens.device(), ScalarType.Long)));
    if (bad.any().item_bool()) {
      long flat = bad.reshape(-1).to(ScalarType.Int).argmax(new LongOptional(), false).item_long();
      int position = (int) (flat % t);
      TokenMap.require(
          false,
          "tokens at position " + position,
          "must be in [0, " + map.codes().get(position) + ")",
          tokens.reshape(-1).select(0, flat).item_long() + " in row " + flat / t);
    }
  }
}
