package io.mvq.cli;

import io.mvq.cli.RecipeFlags.Flag;
import java.util.List;

/** The flags for what makes a reconstruction good. */
final class ReconstructionFlags {
  static final List<Flag> FLAGS =
      List.of(
          new Flag(
              "--pixel-loss",
              "reconstruction.pixels",
              "l1|l2",
              String.class,
              "mean absolute or mean square error of pixels"),
          new Flag(
              "--perceptual-weight",
              "reconstruction.perceptual",
              "WEIGHT",
              Double.class,
              "weight of the perceptual loss; 0 for none"),
          new Flag(
              "--adversarial-weight",
              "reconstruction.adversarial",
              "WEIGHT",
              Double.class,
              "weight of a discriminator's verdict: below 1, VQGAN's is 0.8; 0 for none"),
          new Flag(
              "--adversarial-start",
              "reconstruction.adversarialStart",
              "STEP",
              Long.class,
              "step at which the discriminator begins to learn"),
          new Flag(
              "--adversarial-ramp",
              "reconstruction.adversarialRamp",
              "STEPS",
              Long.class,
              "steps over which its verdict gains its weight"),
          new Flag(
              "--discriminator-width",
              "reconstruction.discriminatorWidth",
              "CHANNELS",
              Integer.class,
              "width of its first layer"),
          new Flag(
              "--discriminator-rate",
              "reconstruction.discriminatorRate",
              "RATE",
              Double.class,
              "peak of its learning rate"));

  private ReconstructionFlags() {}
}
