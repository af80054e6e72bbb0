package io.mvq.recipe;

import io.mvq.quantize.Bottleneck;
import io.mvq.quantize.NoisyTokens;
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
 * @param noise random values that the decoder sees beside the codes, the control for MVQ's masks:
 *     they pay only with a score of drawn images
 * @param noiseWidth such values an image
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
    @Part Codebooks codebooks,
    @Flag(
            name = "noise",
            value = "none",
            help = "random values beside the codes: what masks are compared with")
        NoiseKind noise,
    @Flag(name = "noise-width", value = "64", help = "such values an image") int noiseWidth)
    implements Tokens {
  public Vq {
    TokenCounts.check(baseTokens, secondaryTokens);
    Limits.atLeast("code-width", codeWidth, 1);
    Limits.present("codebooks", codebooks);
    codebooks.check(codeWidth);
    Limits.present("noise", noise);
    Limits.atLeast("noise-width", noiseWidth, 1);
  }

  /** Without noise. */
  public Vq(int baseTokens, int secondaryTokens, int codeWidth, Codebooks codebooks) {
    this(baseTokens, secondaryTokens, codeWidth, codebooks, NoiseKind.NONE, 64);
  }

  @Override
  public int codes() {
    return codebooks.codes();
  }

  @Override
  public Bottleneck bottleneck(int grid, long seed) {
    Bottleneck tokens =
        TokenCounts.of(
            grid,
            baseTokens + secondaryTokens,
            () -> new VqBottleneck(codebooks.quantizer(codeWidth), codebooks.commitment()));
    return masked() ? new NoisyTokens(tokens, noise.noise(), noiseWidth, seed) : tokens;
  }

  @Override
  public int maskWidth() {
    return noise == NoiseKind.NONE ? 0 : Math.multiplyExact(noiseWidth, noise.noise().bits());
  }

  @Override
  public Vq below(int count) {
    return new Vq(count, 0, codeWidth, codebooks);
  }
}
