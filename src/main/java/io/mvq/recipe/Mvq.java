package io.mvq.recipe;

import io.mvq.autoencoder.MvqBottleneck;
import io.mvq.hypothesis.MultipleHypothesesDropout;
import io.mvq.quantize.Bottleneck;
import io.mvq.setting.Flag;
import io.mvq.setting.Kind;
import io.mvq.setting.Limits;
import io.mvq.setting.Part;

/**
 * Masked vector quantization (arXiv 2301.06626, section 3): T1 base tokens, and T2 secondary tokens
 * whose codes are masked.
 *
 * @param codeWidth D, floats a base code
 * @param maskWidth C, floats a secondary code, hence bits a dropout mask
 * @param codebooks of both kinds of tokens
 * @param hypotheses which masks are tried and how they learn
 */
@Kind(value = "mvq", help = "masked vector quantization")
public record Mvq(
    @Flag(
            name = "base-tokens",
            value = "1",
            label = "T1",
            help = "tokens of the base codebook an image")
        int baseTokens,
    @Flag(
            name = "secondary-tokens",
            value = "1",
            label = "T2",
            help = "masked tokens an image; without mvq, plain tokens more")
        int secondaryTokens,
    @Flag(name = "code-width", value = "64", label = "D", help = "floats a base code or latent")
        int codeWidth,
    @Flag(
            name = "mask-width",
            value = "64",
            label = "C",
            help = "floats a secondary code, bits a mask")
        int maskWidth,
    @Part Codebooks codebooks,
    @Part Hypotheses hypotheses)
    implements Tokens {
  public Mvq {
    TokenCounts.check(baseTokens, secondaryTokens);
    Limits.atLeast("secondary-tokens", secondaryTokens, 1);
    Limits.atLeast("code-width", codeWidth, 1);
    Limits.atLeast("mask-width", maskWidth, 1);
    Limits.present("codebooks", codebooks);
    codebooks.check(codeWidth);
    Limits.present("hypotheses", hypotheses);
    hypotheses.check(maskWidth);
  }

  @Override
  public int codes() {
    return codebooks.codes();
  }

  @Override
  public Bottleneck bottleneck(int grid, long seed) {
    MultipleHypothesesDropout dropout =
        new MultipleHypothesesDropout(
            new MultipleHypothesesDropout.Settings(
                secondaryTokens,
                maskWidth,
                baseTokens,
                codeWidth,
                hypotheses.count(),
                hypotheses.dropout(),
                hypotheses.winnerPerToken(),
                hypotheses.headHidden(),
                seed),
            hypotheses.search());
    return new MvqBottleneck(
        codebooks.quantizer(codeWidth),
        codebooks.quantizer(maskWidth),
        dropout,
        codebooks.commitment(),
        hypotheses.winnerWeight(),
        hypotheses.mixtureWeight());
  }

  /** Plain tokens: a lower level has no masks of its own. */
  @Override
  public Vq below(int count) {
    return new Vq(count, 0, codeWidth, codebooks);
  }
}
