package io.mvq.recipe;

import io.mvq.quantize.Bottleneck;
import io.mvq.quantize.FsqBottleneck;
import io.mvq.setting.Flag;
import io.mvq.setting.Kind;
import io.mvq.setting.Limits;
import java.util.List;

/**
 * Finite scalar quantization (arXiv 2309.15505).
 *
 * @param levels of each float of a token; their product is K
 */
@Kind(value = "fsq", help = "finite scalar quantization")
public record Fsq(
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
    @Flag(
            name = "levels",
            value = "8,5,5,5",
            label = "L,L,...",
            help = "levels of each float of a token")
        List<Integer> levels)
    implements Tokens {
  public Fsq {
    TokenCounts.check(baseTokens, secondaryTokens);
    Limits.present("levels", levels);
    levels = List.copyOf(levels);
    if (levels.isEmpty()) {
      throw Limits.bad("levels", "must be at least one number", levels);
    }
    levels.forEach(level -> Limits.atLeast("levels", level, 2));
  }

  @Override
  public int codes() {
    return levels.stream().reduce(1, Math::multiplyExact);
  }

  @Override
  public Bottleneck bottleneck(int grid, long seed) {
    return TokenCounts.of(grid, baseTokens + secondaryTokens, () -> new FsqBottleneck(levels));
  }

  @Override
  public Fsq below(int count) {
    return new Fsq(count, 0, levels);
  }
}
