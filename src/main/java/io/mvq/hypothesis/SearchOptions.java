package io.mvq.hypothesis;

/**
 * How hypotheses are searched and trained beyond the first paper; {@link #PLAIN} is the first
 * paper.
 *
 * @param masks which masks are tried
 * @param mixture whether a mixture head learns how likely each mask is; needs masks that are listed
 *     (arXiv 2312.11735)
 * @param top hypotheses that share the winner-takes-all loss while the temperature is above 0; 1
 *     for the winner alone
 * @param temperature of that softmax over squared errors at the start; falls to 0 in a straight
 *     line: annealed winner-takes-all (arXiv 2407.15580)
 */
public record SearchOptions(MaskSet masks, boolean mixture, int top, double temperature) {
  /** Drawn masks, and the winner takes all from the start. */
  public static final SearchOptions PLAIN = new SearchOptions(MaskSet.DRAWN, false, 1, 0);

  public SearchOptions {
    if (mixture && !masks.listed()) {
      throw new IllegalArgumentException(
          "mixture must be false for drawn masks, got true; try all masks or gates");
    }
    if (top < 1) {
      throw new IllegalArgumentException("top must be at least 1, got " + top);
    }
    if (!(temperature >= 0) || Double.isInfinite(temperature)) {
      throw new IllegalArgumentException(
          "temperature must be at least 0 and finite, got " + temperature);
    }
  }
}
