package io.mvq.recipe;

import io.mvq.quantize.Bottleneck;
import io.mvq.quantize.VqBottleneck;
import io.mvq.setting.Flag;
import io.mvq.setting.Kind;
import io.mvq.setting.Limits;
import io.mvq.setting.Part;

/**
 * Plain vector quantization (VQ-VAE, arXiv 1711.00937): T1 + T2 tokens with a codebook each.
 *
 * @param codeWidth D, floats a code
 * @param codebooks their size and how they learn
 */
@Kind(value = "vq", help = "vector quantization")
public record Vq(
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
    @Part Codebooks codebooks)
    implements Tokens {
  public Vq {
    TokenCounts.check(baseTokens, secondaryTokens);
    Limits.atLeast("code-width", codeWidth, 1);
    Limits.present("codebooks", codebooks);
    codebooks.check(codeWidth);
  }

  @Override
  public int codes() {
    return codebooks.codes();
  }

  @Override
  public Bottleneck bottleneck(int grid, long seed) {
    return TokenCounts.of(
        grid,
        baseTokens + secondaryTokens,
        () -> new VqBottleneck(codebooks.quantizer(codeWidth), codebooks.commitment()));
  }

  @Override
  public Vq below(int count) {
    return new Vq(count, 0, codeWidth, codebooks);
  }
}
