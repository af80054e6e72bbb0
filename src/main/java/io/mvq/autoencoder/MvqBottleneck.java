package io.mvq.autoencoder;

import io.mvq.hypothesis.MultipleHypothesesDropout;
import io.mvq.kernel.MaskBits;
import io.mvq.quantize.Bottleneck;
import io.mvq.quantize.Encoding;
import io.mvq.quantize.Quantized;
import io.mvq.quantize.VectorQuantizer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Masked vector quantization (arXiv 2301.06626, section 3): T1 base tokens name codes c1; T2
 * secondary tokens name codes c2, whose masked forms a hypothesis head turns into residuals: y = c1
 * + g(m * c2), m the winning mask. A row of latents is y1, (T1, D), then y2, (T2, C).
 */
public final class MvqBottleneck extends Bottleneck {
  private final VectorQuantizer baseQuantizer;
  private final VectorQuantizer secondaryQuantizer;
  private final MultipleHypothesesDropout dropout;
  private final MultipleHypothesesDropout.Settings shape;
  private final double commitment;
  private final double winnerWeight;
  private final double mixtureWeight;

  /** With the follow-up paper's weight of a mixture head's loss, 0.25. */
  public MvqBottleneck(
      VectorQuantizer base,
      VectorQuantizer secondary,
      MultipleHypothesesDropout dropout,
      double commitment,
      double winnerWeight) {
    this(base, secondary, dropout, commitment, winnerWeight, 0.25);
  }

  /**
   * Quantizers of widths D and C that fit the settings of {@code dropout}.
   *
   * @param commitment weight of the commitment loss, of both codebooks
   * @param winnerWeight weight of the winner-takes-all loss
   * @param mixtureWeight weight of the mixture head's loss; without one unused
   */
  public MvqBottleneck(
      VectorQuantizer base,
      VectorQuantizer secondary,
      MultipleHypothesesDropout dropout,
      double commitment,
      double winnerWeight,
      double mixtureWeight) {
    super("MvqBottleneck");
    this.baseQuantizer = register_module("base", base);
    this.secondaryQuantizer = register_module("secondary", secondary);
    this.dropout = register_module("dropout", dropout);
    this.shape = dropout.settings();
    this.commitment = commitment;
    this.winnerWeight = winnerWeight;
    this.mixtureWeight = mixtureWeight;
  }

  @Override
  public Result forward(Tensor latents, double progress) {
    Tensor y1 = y1(check(latents));
    Quantized c1 = baseQuantizer.forward(y1);
    Quantized c2 = secondaryQuantizer.forward(y2(latents));
    MultipleHypothesesDropout.Winners winners =
        dropout.forward(c2.vectors(), c1.vectors(), y1, progress);
    Map<String, Tensor> losses = new LinkedHashMap<>();
    losses.put("commitment", c1.commitment().add(c2.commitment()).mul(new Scalar(commitment)));
    losses.put("winner", winners.loss().mul(new Scalar(winnerWeight)));
    if (winners.mixture() != null) {
      losses.put("mixture", winners.mixture().mul(new Scalar(mixtureWeight)));
    }
    return new Result(
        c1.vectors().add(winners.residual()).flatten(1, -1),
        torch.cat(new TensorVector(c1.index(), c2.index()), 1),
        losses,
        (rows, draws, seed, first) -> {
          Tensor base = c1.vectors().narrow(0, 0, rows);
          Tensor latent = c2.vectors().narrow(0, 0, rows);
          Tensor residual = dropout.drawn(latent, base, draws, seed, first);
          return base.repeat(draws, 1, 1).add(residual).flatten(1, -1);
        });
  }

  @Override
  public Encoding encode(Tensor latents) {
    check(latents);
    try (NoGradGuard guard = new NoGradGuard()) {
      Tensor y1 = y1(latents);
      Tensor base = baseQuantizer.assign(y1);
      Tensor secondary = secondaryQuantizer.assign(y2(latents));
      MaskBits masks =
          dropout.encode(secondaryQuantizer.lookup(secondary), baseQuantizer.lookup(base), y1);
      return new Encoding(torch.cat(new TensorVector(base, secondary), 1), masks);
    }
  }

  @Override
  public Tensor lookup(Tensor tokens, MaskBits masks) {
    if (masks.isEmpty() && tokens.size(0) > 0) {
      throw new IllegalArgumentException(
          "masks must be given for an MVQ model, got none; draw some with randomMasks");
    }
    try (NoGradGuard guard = new NoGradGuard()) {
      return c1(tokens).add(dropout.residual(c2(tokens), masks)).flatten(1, -1);
    }
  }

  @Override
  public MaskBits drawMasks(Tensor tokens, long seed) {
    try (NoGradGuard guard = new NoGradGuard()) {
      return dropout.likelyMasks(c2(tokens), c1(tokens), seed);
    }
  }

  private Tensor c1(Tensor tokens) {
    return baseQuantizer.lookup(tokens.narrow(1, 0, shape.baseTokens()));
  }

  private Tensor c2(Tensor tokens) {
    return secondaryQuantizer.lookup(tokens.narrow(1, shape.baseTokens(), shape.secondaryTokens()));
  }

  @Override
  public void initialize(Tensor latents) {
    check(latents);
    baseQuantizer.initialize(y1(latents));
    secondaryQuantizer.initialize(y2(latents));
  }

  @Override
  public void seek(long rows) {
    dropout.seek(rows);
  }

  @Override
  public int[] codes() {
    int[] codes = new int[Math.toIntExact(shape.baseTokens() + shape.secondaryTokens())];
    Arrays.fill(codes, (int) secondaryQuantizer.codebook().size());
    Arrays.fill(codes, 0, (int) shape.baseTokens(), (int) baseQuantizer.codebook().size());
    return codes;
  }

  /** One for all base tokens, one for all secondary ones. */
  @Override
  public int[] codebooks() {
    return behind(
        new int[Math.toIntExact(shape.baseTokens())],
        new int[Math.toIntExact(shape.secondaryTokens())]);
  }

  @Override
  public long inputs() {
    return outputs() + shape.secondaryTokens() * shape.maskWidth();
  }

  @Override
  public long outputs() {
    return shape.baseTokens() * shape.codeWidth();
  }

  @Override
  public long winners() {
    return dropout.winners();
  }

  @Override
  public double maskBits() {
    return dropout.bits();
  }

  @Override
  public MaskBits randomMasks(long n, long seed) {
    return dropout.randomMasks(n, seed);
  }

  private Tensor y1(Tensor latents) {
    return latents.narrow(1, 0, outputs()).reshape(-1, shape.baseTokens(), shape.codeWidth());
  }

  private Tensor y2(Tensor latents) {
    return latents
        .narrow(1, outputs(), shape.secondaryTokens() * shape.maskWidth())
        .reshape(-1, shape.secondaryTokens(), shape.maskWidth());
  }
}
