package io.mvq.recipe;

import io.mvq.hypothesis.MaskSet;
import io.mvq.hypothesis.SearchOptions;
import io.mvq.setting.Flag;
import io.mvq.setting.Limits;
import java.util.List;

/**
 * The hypotheses of MVQ: which masks are tried and how they learn.
 *
 * @param count H, dropout masks searched an image
 * @param dropout p, the chance that a bit is 0
 * @param winnerPerToken one winner a base token in place of one an image
 * @param headHidden widths of the hypothesis head's hidden layers; empty for a linear head
 * @param winnerWeight weight of the winner-takes-all loss
 * @param masks which are tried: H drawn ones, the 2^C - 1 gates, or all 2^C; the last two need C of
 *     at most {@link MaskSet#MOST_BITS}
 * @param gateShare share of the gates that a training step tries, drawn without replacement; above
 *     0, to 1
 * @param mixtureWeight weight of a mixture head that learns which mask is likely (arXiv 2312.11735
 *     takes 0.25); 0 for none, which drawn masks need
 * @param softTop best hypotheses that share the winner-takes-all loss at the start; 1 for the
 *     winner alone (arXiv 2407.15580)
 * @param softTemperature of that sharing at the start, in squared error; falls to 0
 */
public record Hypotheses(
    @Flag(
            name = "hypotheses",
            value = "256",
            label = "H",
            help = "dropout masks tried for an image; with rvq, residual codes of as many bits")
        int count,
    @Flag(name = "dropout", value = "0.5", label = "P", help = "chance that a mask's bit is 0")
        double dropout,
    @Flag(
            name = "winner-per-token",
            value = "false",
            help = "one winner a base token, not one an image")
        boolean winnerPerToken,
    @Flag(
            name = "head-hidden",
            value = "128",
            label = "N,N,...",
            help = "hidden layers of the hypothesis head; empty for a linear one")
        List<Integer> headHidden,
    @Flag(
            name = "winner-weight",
            value = "1.0",
            label = "WEIGHT",
            help = "weight of the winner-takes-all loss")
        double winnerWeight,
    @Flag(
            name = "masks",
            value = "drawn",
            help = "H drawn masks, all but the empty one, or all; C at most 12 for these two")
        MaskSet.Kind masks,
    @Flag(
            name = "gate-share",
            value = "1.0",
            label = "SHARE",
            help = "of the gates that a training step tries")
        double gateShare,
    @Flag(
            name = "mixture-weight",
            value = "0.0",
            label = "WEIGHT",
            help = "of the loss by which likely gates are learned, e.g. 0.25; 0 for none")
        double mixtureWeight,
    @Flag(
            name = "soft-top",
            value = "1",
            help = "best hypotheses that share the winner's loss at first; 1 for none")
        int softTop,
    @Flag(
            name = "soft-temperature",
            value = "0.1",
            label = "T",
            help = "of that sharing at the start; falls to 0")
        double softTemperature) {
  public Hypotheses {
    Limits.atLeast("hypotheses", count, 1);
    Limits.insideUnit("dropout", dropout);
    Limits.present("head-hidden", headHidden);
    headHidden = List.copyOf(headHidden);
    headHidden.forEach(hidden -> Limits.atLeast("head-hidden", hidden, 1));
    Limits.nonNegative("winner-weight", winnerWeight);
    Limits.present("masks", masks);
    if (!(gateShare > 0 && gateShare <= 1)) {
      throw Limits.bad("gate-share", "must be above 0 and at most 1", gateShare);
    }
    Limits.nonNegative("mixture-weight", mixtureWeight);
    if (masks == MaskSet.Kind.DRAWN && mixtureWeight > 0) {
      throw Limits.bad(
          "mixture-weight", "must be 0 for drawn masks, as it lists them", mixtureWeight);
    }
    Limits.atLeast("soft-top", softTop, 1);
    Limits.nonNegative("soft-temperature", softTemperature);
  }

  /** Throws unless masks of so many bits can be searched so. */
  void check(int maskWidth) {
    if (masks != MaskSet.Kind.DRAWN) {
      Limits.between("mask-width", maskWidth, 1, MaskSet.MOST_BITS);
    }
  }

  SearchOptions search() {
    return new SearchOptions(
        new MaskSet(masks, gateShare), mixtureWeight > 0, softTop, softTemperature);
  }
}
