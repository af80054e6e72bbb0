package io.mvq.recipe;

import io.mvq.quantize.Bottleneck;
import io.mvq.quantize.ResidualBottleneck;
import io.mvq.quantize.VectorQuantizer;
import io.mvq.setting.Flag;
import io.mvq.setting.Kind;
import io.mvq.setting.Limits;
import io.mvq.setting.Part;
import java.util.stream.Stream;

/**
 * Residual vector quantization (arXiv 2107.03312, section III): VQ's tokens, then stages that take
 * the bits of a winner among H: MVQ's rival at equal bits.
 *
 * @param codeWidth D, floats a code
 * @param codebooks of the first tokens; the stages learn alike
 * @param hypotheses H, the product of the stages' codes
 * @param winnerPerToken stages over each token in place of the whole image
 * @param stages equal codebooks that share the bits of H
 */
@Kind(value = "rvq", help = "residual VQ at the bits of mvq")
public record Residual(
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
    @Part Codebooks codebooks,
    @Flag(
            name = "hypotheses",
            value = "256",
            label = "H",
            help = "dropout masks tried for an image; with rvq, residual codes of as many bits")
        int hypotheses,
    @Flag(
            name = "winner-per-token",
            value = "false",
            help = "one winner a base token, not one an image")
        boolean winnerPerToken,
    @Flag(name = "residual-stages", value = "1", help = "stages that share the bits of H")
        int stages)
    implements Tokens {
  public Residual {
    TokenCounts.check(baseTokens, secondaryTokens);
    Limits.atLeast("code-width", codeWidth, 1);
    Limits.present("codebooks", codebooks);
    codebooks.check(codeWidth);
    Limits.atLeast("hypotheses", hypotheses, 1);
    Limits.atLeast("residual-stages", stages, 1);
    if (Math.pow(root(hypotheses, stages), stages) != hypotheses) {
      throw Limits.bad(
          "hypotheses",
          "must be a whole number to the power of residual-stages " + stages,
          hypotheses);
    }
  }

  private static int root(int hypotheses, int stages) {
    return (int) Math.round(Math.pow(hypotheses, 1.0 / stages));
  }

  /** Codes of each stage: together they take the bits of a winner. */
  public int stageCodes() {
    return root(hypotheses, stages);
  }

  @Override
  public int codes() {
    return codebooks.codes();
  }

  @Override
  public Bottleneck bottleneck(int grid, long seed) {
    Bottleneck first =
        new Vq(baseTokens, secondaryTokens, codeWidth, codebooks).bottleneck(grid, seed);
    long width = winnerPerToken || grid > 0 ? codeWidth : first.outputs();
    VectorQuantizer[] quantizers =
        Stream.generate(() -> codebooks.stage(stageCodes(), width))
            .limit(stages)
            .toArray(VectorQuantizer[]::new);
    return new ResidualBottleneck(first, quantizers, codebooks.commitment());
  }

  @Override
  public Residual below(int count) {
    return new Residual(count, 0, codeWidth, codebooks, hypotheses, winnerPerToken, stages);
  }
}
