package io.mvq.cli;

import io.mvq.cli.RecipeFlags.Flag;
import java.util.List;

/** The flags of single systems of tokens, beside those that all share. */
final class BottleneckFlags {
  static final List<Flag> FLAGS =
      List.of(
          new Flag(
              "--masks",
              "model.masks.set",
              "drawn|gates|all",
              String.class,
              "mvq: H drawn masks, all but the empty one, or all; C at most 12 for these two"),
          new Flag(
              "--gate-share",
              "model.masks.gateShare",
              "SHARE",
              Double.class,
              "of the gates that a training step tries"),
          new Flag(
              "--mixture-weight",
              "model.masks.mixtureWeight",
              "WEIGHT",
              Double.class,
              "of the loss by which likely gates are learned, e.g. 0.25; 0 for none"),
          new Flag(
              "--soft-top",
              "model.masks.softTop",
              "N",
              Integer.class,
              "best hypotheses that share the winner's loss at first; 1 for none"),
          new Flag(
              "--soft-temperature",
              "model.masks.softTemperature",
              "T",
              Double.class,
              "of that sharing at the start; falls to 0"),
          new Flag(
              "--residual-stages",
              "model.residualStages",
              "N",
              Integer.class,
              "rvq: stages that share the bits of H"),
          new Flag(
              "--levels",
              "model.levels",
              "L,L,...",
              int[].class,
              "fsq: levels of each float of a token"),
          new Flag(
              "--temperature",
              "model.relaxed.temperature",
              "T",
              Double.class,
              "gumbel, concrete: of the softmax at the start"),
          new Flag(
              "--last-temperature",
              "model.relaxed.lastTemperature",
              "T",
              Double.class,
              "gumbel, concrete: at the end"),
          new Flag(
              "--divergence",
              "model.relaxed.divergence",
              "WEIGHT",
              Double.class,
              "gumbel, concrete: weight of the KL divergence from uniform tokens"),
          new Flag(
              "--divergence-ramp",
              "model.relaxed.ramp",
              "SHARE",
              Double.class,
              "gumbel, concrete: share of the training in which that weight rises"),
          new Flag(
              "--entropy-weight",
              "model.entropyWeight",
              "WEIGHT",
              Double.class,
              "lfq: weight of the entropy loss"));

  private BottleneckFlags() {}
}
