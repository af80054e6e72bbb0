package io.mvq.recipe;

import io.mvq.quantize.Bottleneck;
import io.mvq.quantize.LfqBottleneck;
import io.mvq.setting.Flag;
import io.mvq.setting.Kind;
import io.mvq.setting.Limits;

/**
 * Lookup-free quantization (arXiv 2310.05737, section 3.1).
 *
 * @param codes K, a power of two: a float a bit
 * @param commitment weight of the commitment loss
 * @param entropyWeight weight of the entropy loss
 */
@Kind(value = "lfq", help = "lookup-free quantization")
public record Lfq(
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
    @Flag(
            name = "commitment",
            value = "0.25",
            label = "WEIGHT",
            help = "weight of the commitment loss")
        double commitment,
    @Flag(
            name = "entropy-weight",
            value = "0.1",
            label = "WEIGHT",
            help = "weight of the entropy loss")
        double entropyWeight)
    implements Tokens {
  public Lfq {
    TokenCounts.check(baseTokens, secondaryTokens);
    if (codes < 2 || Integer.bitCount(codes) != 1) {
      throw Limits.bad("codes", "must be a power of two for lfq", codes);
    }
    Limits.nonNegative("commitment", commitment);
    Limits.nonNegative("entropy-weight", entropyWeight);
  }

  @Override
  public Bottleneck bottleneck(int grid, long seed) {
    return TokenCounts.of(
        grid,
        baseTokens + secondaryTokens,
        () -> new LfqBottleneck(Integer.numberOfTrailingZeros(codes), commitment, entropyWeight));
  }

  @Override
  public Lfq below(int count) {
    return new Lfq(count, 0, codes, commitment, entropyWeight);
  }
}
