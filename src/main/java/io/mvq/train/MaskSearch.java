package io.mvq.train;

import java.util.List;

/**
 * The part of a recipe on the masks of {@code mvq}, beyond how many are drawn.
 *
 * @param set {@code drawn} (H Bernoulli masks), {@code gates} (the 2^C - 1 that are not empty) or
 *     {@code all} (all 2^C: the exact best); the last two need C of at most 12
 * @param gateShare share of the gates that a training step tries, drawn without replacement; above
 *     0, to 1
 * @param mixtureWeight weight of a mixture head that learns which mask is likely; 0 for none, which
 *     {@code drawn} needs; the paper's 0.25
 * @param softTop best hypotheses that share the winner-takes-all loss at the start; 1 for the
 *     winner alone
 * @param softTemperature of that sharing at the start, in squared error; falls to 0
 */
public record MaskSearch(
    String set, double gateShare, double mixtureWeight, int softTop, double softTemperature) {
  private static final int MOST_BITS = 12;

  public MaskSearch {
    Limits.oneOf("model.masks.set", set, List.of("drawn", "gates", "all"));
    if (!(gateShare > 0 && gateShare <= 1)) {
      throw Limits.bad("model.masks.gateShare", "must be above 0 and at most 1", gateShare);
    }
    Limits.nonNegative("model.masks.mixtureWeight", mixtureWeight);
    if (set.equals("drawn") && mixtureWeight > 0) {
      throw Limits.bad(
          "model.masks.mixtureWeight",
          "must be 0 for drawn masks, as it lists them",
          mixtureWeight);
    }
    Limits.atLeast("model.masks.softTop", softTop, 1);
    Limits.nonNegative("model.masks.softTemperature", softTemperature);
  }

  /** Throws unless masks of so many bits can be searched so. */
  void check(int maskWidth) {
    if (!set.equals("drawn")) {
      Limits.between("model.maskWidth", maskWidth, 1, MOST_BITS);
    }
  }
}
