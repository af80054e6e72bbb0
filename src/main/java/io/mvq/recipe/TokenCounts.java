package io.mvq.recipe;

import io.mvq.quantize.Bottleneck;
import io.mvq.quantize.SeparateTokens;
import io.mvq.quantize.SharedTokens;
import io.mvq.setting.Limits;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What the systems without masks share: tokens side by side. */
final class TokenCounts {
  private TokenCounts() {}

  static void check(int baseTokens, int secondaryTokens) {
    Limits.atLeast("base-tokens", baseTokens, 1);
    Limits.atLeast("secondary-tokens", secondaryTokens, 0);
  }

  /** Tokens of a grid with one codebook, else with a codebook each. */
  static Bottleneck of(int grid, int count, Supplier<Bottleneck> token) {
    return grid > 0
        ? new SharedTokens(grid * grid, token.get())
        : new SeparateTokens(Stream.generate(token).limit(count).toArray(Bottleneck[]::new));
  }
}
