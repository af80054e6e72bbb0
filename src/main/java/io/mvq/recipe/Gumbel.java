package io.mvq.recipe;

import io.mvq.quantize.Bottleneck;
import io.mvq.setting.Flag;
import io.mvq.setting.Kind;
import io.mvq.setting.Limits;
import io.mvq.setting.Part;

/**
 * Gumbel-softmax (arXiv 1611.01144): a relaxed draw made hard, straight through.
 *
 * @param codes K, codes a codebook
 * @param codeWidth D, floats a code
 * @param relaxation its schedule
 */
@Kind(value = "gumbel", help = "Gumbel-softmax")
public record Gumbel(
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
    @Flag(name = "codes", value = "256", label = "K", help = "codes a codebook") int codes,
    @Flag(name = "code-width", value = "64", label = "D", help = "floats a base code or latent")
        int codeWidth,
    @Part Relaxation relaxation)
    implements Tokens {
  public Gumbel {
    TokenCounts.check(baseTokens, secondaryTokens);
    Limits.atLeast("codes", codes, 1);
    Limits.atLeast("code-width", codeWidth, 1);
    Limits.present("relaxation", relaxation);
  }

  @Override
  public Bottleneck bottleneck(int grid, long seed) {
    return TokenCounts.of(
        grid, baseTokens + secondaryTokens, () -> relaxation.token(codes, codeWidth, true));
  }

  @Override
  public Gumbel below(int count) {
    return new Gumbel(count, 0, codes, codeWidth, relaxation);
  }
}
