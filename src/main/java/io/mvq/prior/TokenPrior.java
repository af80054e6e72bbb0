package io.mvq.prior;

import io.mvq.tensor.Devices;
import io.mvq.tensor.Shapes;
import io.mvq.tensor.Tensors;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * An autoregressive prior over an image's tokens, in the order of their {@link TokenMap}. Position
 * i takes tokens in [0, codes[i]). An image may have a class; "no class" is learned beside them.
 */
public abstract class TokenPrior extends Module {
  /** The usual share of training rows whose class is hidden, as that without one is learned too. */
  static final double HIDDEN_CLASSES = 0.1;

  private final TokenMap map;
  private final int classes;
  private final double hidden;
  final TokenTable table;

  TokenPrior(
      String name, TokenMap map, int classes, double hidden, int width, double embeddingDeviation) {
    super(name);
    TokenMap.require(
        hidden >= 0 && hidden < 1, "class dropout", "must be at least 0 and below 1", hidden);
    TokenMap.require(classes >= 0, "classes", "must be at least 0", classes);
    TokenMap.require(width >= 1, "width", "must be at least 1", width);
    this.map = map;
    this.classes = classes;
    this.hidden = hidden;
    table = register_module("table", new TokenTable(map, width, embeddingDeviation));
  }

  /** One position after another, keeping what later positions need of earlier ones. */
  interface Walk {
    /**
     * Logits of the next position, (n, codes[position]).
     *
     * @param previous the tokens before it, (n) int64; null at the first
     */
    Tensor next(Tensor previous);
  }

  /** What the heads read, (n, t, width). @param rows of the classes, (n) */
  abstract Tensor hidden(Tensor tokens, Tensor rows);

  /** A walk of n images. @param rows of the classes, (n) */
  abstract Walk walk(Tensor rows);

  /** How the tokens lie. */
  public final TokenMap map() {
    return map;
  }

  /** Classes that it knows; 0 for none. */
  public final int classes() {
    return classes;
  }

  /** Positions, t. */
  public final int positions() {
    return map.positions();
  }

  /**
   * Mean cross-entropy in nats a token.
   *
   * @param tokens (n, t) int64
   * @param labels (n) int64 in [0, classes), or null for no class
   */
  public final Tensor loss(Tensor tokens, Tensor labels) {
    Tensor there = checked(tokens);
    return table.loss(hidden(there, classRows(there.size(0), labels)), there);
  }

  /**
   * Logits of a position given the tokens before it, (n, codes[position]).
   *
   * @param tokens (n, t) int64; those from {@code position} on have no effect
   * @param labels (n) int64 in [0, classes), or null for no class
   */
  public final Tensor logits(Tensor tokens, Tensor labels, int position) {
    TokenMap.require(
        position >= 0 && position < positions(),
        "position",
        "must be in [0, " + positions() + ")",
        position);
    Tensor there = checked(tokens);
    Tensor hidden = hidden(there, classRows(there.size(0), labels));
    return table.logits(hidden.select(1, position), position);
  }

  /**
   * Draws tokens, one position after another, in evaluation mode and without gradients.
   *
   * @param n images
   * @param labels (n) int64 in [0, classes), or null for no class
   * @param seed equal seeds give equal tokens
   * @return (n, t) int64 on the CPU; retained, so the caller closes it
   * @throws IllegalArgumentException if guidance is asked for without labels, or of a prior that
   *     never learned without a class
   */
  public final Tensor sample(int n, Tensor labels, Sampling sampling, long seed) {
    TokenMap.require(n >= 1, "n", "must be at least 1", n);
    if (sampling.guided()) {
      requireGuidable(labels, sampling);
    }
    boolean training = is_training();
    if (training) { // not otherwise: threads may sample at once
      eval();
    }
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      GeneratorOptional generator = new GeneratorOptional(torch.make_generator_cpu(seed));
      Walk walk = walk(classRows(n, labels));
      Walk without = sampling.guided() ? walk(classRows(n, null)) : null;
      Tensor tokens = Tensors.longZeros(n, positions());
      for (int i = 0; i < positions(); i++) {
        try (PointerScope one = new PointerScope()) {
          Tensor previous = i == 0 ? null : tokens.select(1, i - 1L);
          Tensor logits = walk.next(previous);
          if (without != null) {
            logits = sampling.guided(logits, without.next(previous));
          }
          tokens.select(1, i).copy_(sampling.draw(logits, generator));
        }
      }
      return tokens.retainReference();
    } finally {
      if (training) {
        train(true);
      }
    }
  }

  private void requireGuidable(Tensor labels, Sampling sampling) {
    TokenMap.require(
        labels != null, "guidance", "must be 1 where no class is named", sampling.guidance());
    TokenMap.require(
        hidden > 0,
        "guidance",
        "must be 1: this prior never learned without a class; train it with --prior-class-dropout"
            + " above 0",
        sampling.guidance());
  }

  /** Rows of a table of {@code classes + 1}, (n): the last stands for "no class". */
  final Tensor classRows(long n, Tensor labels) {
    Tensor none = Tensors.longZeros(n).fill_(new Scalar((long) classes));
    if (labels == null) {
      return Devices.like(none, table.like());
    }
    TokenMap.require(classes > 0, "labels", "must be null: this prior has no classes", "a tensor");
    Shapes.require(labels, "labels", n);
    long least = labels.min().item_long();
    long most = labels.max().item_long();
    TokenMap.require(
        least >= 0 && most < classes,
        "labels",
        "must be in [0, " + classes + ")",
        least < 0 ? least : most);
    Tensor rows = labels.to(table.like().device(), ScalarType.Long);
    if (!is_training()) {
      return rows;
    }
    Tensor hide = torch.rand(n).lt(new Scalar(hidden));
    return rows.masked_fill(Devices.like(hide, rows), new Scalar((long) classes));
  }

  private Tensor checked(Tensor tokens) {
    table.check(tokens);
    return Devices.like(tokens, table.like());
  }
}
