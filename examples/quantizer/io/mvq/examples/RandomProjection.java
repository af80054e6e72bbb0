package io.mvq.examples;

import io.mvq.quantize.Bottleneck;
import io.mvq.quantize.SeparateTokens;
import io.mvq.quantize.SharedTokens;
import io.mvq.setting.Flag;
import io.mvq.setting.Kind;
import io.mvq.setting.Limits;
import java.util.stream.Stream;

/**
 * Settings of a random-projection quantizer (BEST-RQ, arXiv 2202.01855). Moved into {@code
 * io.mvq.recipe} it {@code implements Tokens} and is permitted there, and that is all: the command
 * line, files and training then know it.
 *
 * @param codeWidth D, floats a latent and an embedding
 * @param codes K
 * @param searchWidth floats that codes are compared in, after the projection
 */
@Kind(value = "random-projection", help = "random-projection quantization")
public record RandomProjection(
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
    @Flag(name = "codes", value = "256", label = "K", help = "codes a codebook") int codes,
    @Flag(
            name = "projection-width",
            value = "16",
            label = "FLOATS",
            help = "compare codes in so many dimensions")
        int searchWidth) {
  public RandomProjection {
    Limits.atLeast("base-tokens", baseTokens, 1);
    Limits.atLeast("secondary-tokens", secondaryTokens, 0);
    Limits.atLeast("code-width", codeWidth, 1);
    Limits.atLeast("codes", codes, 1);
    Limits.between("projection-width", searchWidth, 1, codeWidth);
  }

  /** A fresh bottleneck; seed LibTorch first. @param seed of masks, of which it has none */
  public Bottleneck bottleneck(int grid, long seed) {
    return grid > 0
        ? new SharedTokens(grid * grid, token())
        : new SeparateTokens(
            Stream.generate(this::token)
                .limit(baseTokens + secondaryTokens)
                .toArray(Bottleneck[]::new));
  }

  /** Plain tokens of the same kind for a hierarchy's lower level. */
  public RandomProjection below(int count) {
    return new RandomProjection(count, 0, codeWidth, codes, searchWidth);
  }

  private Bottleneck token() {
    return new RandomProjectionBottleneck(codes, codeWidth, searchWidth);
  }
}
