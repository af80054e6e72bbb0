package io.mvq.prior;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How an image's tokens lie: row by row, position {@code row * width + column}.
 *
 * @param height rows, 1 for the few tokens of a whole image
 * @param width columns
 * @param codes tokens to choose from at each position, height * width of them
 * @param shared all positions name codes of one codebook: one embedding and one head serve them all
 */
public record TokenMap(int height, int width, List<Integer> codes, boolean shared) {
  public TokenMap {
    codes = List.copyOf(codes);
    require(!codes.isEmpty(), "codes", "must name at least 1 position", codes.size());
    require(
        codes.stream().allMatch(count -> count >= 1),
        "codes",
        "must be at least 1 at each position",
        codes);
    require(height >= 1, "height", "must be at least 1", height);
    require(width >= 1, "width", "must be at least 1", width);
    require(
        (long) height * width == codes.size(),
        "codes",
        "must be height * width (" + (long) height * width + ")",
        codes.size());
    require(
        !shared || codes.stream().distinct().count() == 1,
        "codes",
        "must be equal at all positions to be shared",
        codes);
  }

  /** The few tokens of a whole image, each with codes of its own. */
  public static TokenMap row(int... codes) {
    return new TokenMap(
        1,
        Math.max(1, codes.length),
        Arrays.stream(codes).boxed().collect(Collectors.toList()),
        false);
  }

  /** A grid whose positions share one codebook. */
  public static TokenMap grid(int height, int width, int codes) {
    require(height >= 1, "height", "must be at least 1", height);
    require(width >= 1, "width", "must be at least 1", width);
    return new TokenMap(
        height, width, Collections.nCopies(Math.multiplyExact(height, width), codes), true);
  }

  /** Number of tokens, t. */
  public int positions() {
    return codes.size();
  }

  static void require(boolean holds, String name, String rule, Object value) {
    if (!holds) {
      throw new IllegalArgumentException(name + " " + rule + ", got " + value);
    }
  }
}
