package io.mvq.cli;

import io.mvq.cli.RecipeFlags.Flag;
import java.util.List;

/** The flags of a recipe's priors, over tokens and over masks. */
final class PriorFlags {
  static final List<Flag> FLAGS =
      List.of(
          new Flag(
              "--prior",
              "prior.kind",
              "transformer|pixelcnn",
              String.class,
              "what learns which tokens go together"),
          new Flag(
              "--mask-prior",
              "prior.masks",
              "uniform|bernoulli|autoregressive",
              String.class,
              "where masks of new images come from"),
          new Flag(
              "--prior-conditional",
              "prior.conditional",
              "BOOL",
              Boolean.class,
              "teach the prior the images' classes"),
          new Flag("--prior-width", "prior.width", "FLOATS", Integer.class, "width of the prior"),
          new Flag("--prior-layers", "prior.layers", "N", Integer.class, "its layers"),
          new Flag(
              "--prior-heads",
              "prior.heads",
              "N",
              Integer.class,
              "a Transformer's attention heads"),
          new Flag(
              "--prior-dropout", "prior.dropout", "P", Double.class, "its dropout while training"),
          new Flag("--prior-steps", "prior.training.steps", "N", Long.class, "its training steps"),
          new Flag(
              "--prior-batch",
              "prior.training.batch",
              "N",
              Integer.class,
              "images a step of its training"),
          new Flag(
              "--prior-learning-rate",
              "prior.training.learningRate",
              "RATE",
              Double.class,
              "its peak learning rate"));

  private PriorFlags() {}
}
