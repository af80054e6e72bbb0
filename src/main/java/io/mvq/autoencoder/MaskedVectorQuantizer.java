package io.mvq.autoencoder;

import io.mvq.hypothesis.MultipleHypothesesDropout;
import io.mvq.kernel.MaskBits;
import io.mvq.quantize.Quantized;
import io.mvq.quantize.VectorQuantizer;
import io.mvq.tensor.Shapes;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Masked vector quantization (arXiv 2301.06626, section 3): base tokens name codes c1; secondary
 * tokens name codes c2, whose masked forms a hypothesis head turns into residuals: y = c1 + g(m *
 * c2), m the winning mask.
 */
public final class MaskedVectorQuantizer extends Module {
  /**
   * A training pass.
   *
   * @param vectors y, (n, t1, d), straight-through
   * @param base base tokens, (n, t1)
   * @param secondary secondary tokens, (n, t2)
   * @param commitment scalar, both codebooks, unweighted
   * @param winner scalar, the winner-takes-all loss, unweighted
   * @param masks the winners' masks, (n * winners, c) float32 zeros and ones
   */
  public record Result(
      Tensor vectors,
      Tensor base,
      Tensor secondary,
      Tensor commitment,
      Tensor winner,
      Tensor masks) {}

  private final VectorQuantizer baseQuantizer;
  private final VectorQuantizer secondaryQuantizer;
  private final MultipleHypothesesDropout dropout;

  /** Quantizers of widths d and c that fit the settings of {@code dropout}. */
  public MaskedVectorQuantizer(
      VectorQuantizer base, VectorQuantizer secondary, MultipleHypothesesDropout dropout) {
    super("MaskedVectorQuantizer");
    this.baseQuantizer = register_module("base", base);
    this.secondaryQuantizer = register_module("secondary", secondary);
    this.dropout = register_module("dropout", dropout);
  }

  /**
   * Quantizes.
   *
   * @param y1 (n, t1, d)
   * @param y2 (n, t2, c)
   */
  public Result forward(Tensor y1, Tensor y2) {
    check(y1, y2);
    Quantized c1 = baseQuantizer.forward(y1);
    Quantized c2 = secondaryQuantizer.forward(y2);
    MultipleHypothesesDropout.Winners winners = dropout.forward(c2.vectors(), c1.vectors(), y1);
    return new Result(
        c1.vectors().add(winners.residual()),
        c1.index(),
        c2.index(),
        c1.commitment().add(c2.commitment()),
        winners.loss(),
        winners.masks());
  }

  /** Base, then secondary tokens, and winners' masks; no graph, nothing learns in any mode. */
  public TokenAutoencoder.Encoding encode(Tensor y1, Tensor y2) {
    check(y1, y2);
    try (NoGradGuard guard = new NoGradGuard()) {
      Tensor base = baseQuantizer.assign(y1);
      Tensor secondary = secondaryQuantizer.assign(y2);
      MaskBits masks =
          dropout.encode(secondaryQuantizer.lookup(secondary), baseQuantizer.lookup(base), y1);
      return new TokenAutoencoder.Encoding(torch.cat(new TensorVector(base, secondary), 1), masks);
    }
  }

  /** Sets both codebooks by k-means. @param y1 (n, t1, d) @param y2 (n, t2, c) */
  public void initialize(Tensor y1, Tensor y2) {
    check(y1, y2);
    baseQuantizer.initialize(y1);
    secondaryQuantizer.initialize(y2);
  }

  /** The vectors of tokens and masks, (n, t1, d); no graph. @param tokens (n, t1 + t2) */
  public Tensor lookup(Tensor tokens, MaskBits masks) {
    MultipleHypothesesDropout.Settings s = dropout.settings();
    try (NoGradGuard guard = new NoGradGuard()) {
      Tensor base = baseQuantizer.lookup(tokens.narrow(1, 0, s.tokens()));
      Tensor secondary = secondaryQuantizer.lookup(tokens.narrow(1, s.tokens(), s.latents()));
      return base.add(dropout.residual(secondary, masks));
    }
  }

  /** The quantizer of base tokens. */
  public VectorQuantizer base() {
    return baseQuantizer;
  }

  /** The quantizer of secondary tokens. */
  public VectorQuantizer secondary() {
    return secondaryQuantizer;
  }

  /** The masks and the head. */
  public MultipleHypothesesDropout dropout() {
    return dropout;
  }

  private void check(Tensor y1, Tensor y2) {
    MultipleHypothesesDropout.Settings s = dropout.settings();
    Shapes.require(y1, "y1", Shapes.ANY, s.tokens(), s.width());
    Shapes.require(y2, "y2", y1.size(0), s.latents(), s.channels());
  }
}
