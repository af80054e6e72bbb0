package io.mvq.cli;

import io.mvq.train.Recipe;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * One flag for each field of a recipe: its name, its meaning and, from the default recipe, its
 * default.
 */
final class RecipeFlags {
  record Flag(String name, String field, String label, Class<?> type, String help) {}

  private static final List<Flag> MODEL =
      List.of(
          new Flag(
              "--data",
              "data.images",
              "SET",
              String.class,
              "images: emoji, fashion-mnist, idx:DIR, cifar10:DIR, npz:FILE or a folder"),
          new Flag("--side", "data.side", "PIXELS", Integer.class, "height and width, 32 or 64"),
          new Flag("--channels", "data.channels", "1|3", Integer.class, "1 for grey, 3 for RGB"),
          new Flag(
              "--flip", "data.flip", "BOOL", Boolean.class, "mirror half of the training images"),
          new Flag(
              "--system",
              "model.system",
              "NAME",
              String.class,
              "what makes tokens: vq, mvq, rvq, gumbel, concrete, fsq or lfq"),
          new Flag(
              "--architecture",
              "model.architecture",
              "NAME",
              String.class,
              "single, hierarchy (two levels of tokens) or continuous (no tokens)"),
          new Flag(
              "--base-tokens",
              "model.baseTokens",
              "T1",
              Integer.class,
              "tokens of the base codebook an image"),
          new Flag(
              "--secondary-tokens",
              "model.secondaryTokens",
              "T2",
              Integer.class,
              "masked tokens an image; without mvq, plain tokens more"),
          new Flag(
              "--bottom-tokens",
              "model.bottomTokens",
              "N",
              Integer.class,
              "tokens of a hierarchy's lower level, without a grid"),
          new Flag(
              "--latent-noise",
              "model.latentNoise",
              "DEVIATION",
              Double.class,
              "noise on continuous latents while training"),
          new Flag("--codes", "model.codes", "K", Integer.class, "codes a codebook"),
          new Flag("--code-width", "model.codeWidth", "D", Integer.class, "floats a base code"),
          new Flag(
              "--mask-width",
              "model.maskWidth",
              "C",
              Integer.class,
              "floats a secondary code, bits a mask"),
          new Flag(
              "--hypotheses",
              "model.hypotheses",
              "H",
              Integer.class,
              "dropout masks tried for an image; with rvq, residual codes of as many bits"),
          new Flag(
              "--dropout", "model.dropout", "P", Double.class, "chance that a mask's bit is 0"),
          new Flag(
              "--winner-per-token",
              "model.winnerPerToken",
              "BOOL",
              Boolean.class,
              "one winner a base token, not one an image"),
          new Flag(
              "--width",
              "model.width",
              "CHANNELS",
              Integer.class,
              "base width of the convolutions"),
          new Flag(
              "--grid",
              "model.grid",
              "SIDE",
              Integer.class,
              "tokens are the positions of a map of this side: 4, 8 or 16; 0 for T1 + T2 tokens"),
          new Flag("--cosine", "model.cosine", "BOOL", Boolean.class, "compare codes by direction"),
          new Flag(
              "--codebook-width",
              "model.codebookWidth",
              "FLOATS",
              Integer.class,
              "search codes in so many dimensions; 0 for all"),
          new Flag(
              "--commitment",
              "model.commitment",
              "WEIGHT",
              Double.class,
              "weight of the commitment loss"),
          new Flag(
              "--winner-weight",
              "model.winnerWeight",
              "WEIGHT",
              Double.class,
              "weight of the winner-takes-all loss"),
          new Flag(
              "--codebook-decay",
              "model.codebookDecay",
              "DECAY",
              Double.class,
              "of the codebooks' moving averages"),
          new Flag(
              "--dead-after",
              "model.deadAfter",
              "STEPS",
              Integer.class,
              "unused steps after which a code restarts; 0 for never"));

  private static final List<Flag> TRAINING =
      List.of(
          new Flag(
              "--steps", "training.steps", "N", Long.class, "training steps of the autoencoder"),
          new Flag("--batch", "training.batch", "N", Integer.class, "images a step"),
          new Flag(
              "--accumulate",
              "training.accumulate",
              "N",
              Integer.class,
              "batches whose gradients make one step"),
          new Flag(
              "--learning-rate",
              "training.learningRate",
              "RATE",
              Double.class,
              "peak, after the warm-up"),
          new Flag(
              "--warmup",
              "training.warmup",
              "STEPS",
              Long.class,
              "steps of linear rise, then a cosine falls"),
          new Flag("--weight-decay", "training.weightDecay", "DECAY", Double.class, "AdamW's"),
          new Flag(
              "--clip",
              "training.clip",
              "NORM",
              Double.class,
              "greatest norm of the gradients; 0 for any"),
          new Flag(
              "--average-decay",
              "training.averageDecay",
              "DECAY",
              Double.class,
              "moving average of the weights for evaluation; 0 for none"),
          new Flag("--seed", "training.seed", "SEED", Long.class, "equal seeds give equal runs"),
          new Flag(
              "--prior-conditional",
              "prior.conditional",
              "BOOL",
              Boolean.class,
              "teach the prior the images' classes"),
          new Flag(
              "--prior-width",
              "prior.width",
              "FLOATS",
              Integer.class,
              "width of the prior's Transformer"),
          new Flag("--prior-layers", "prior.layers", "N", Integer.class, "its blocks"),
          new Flag("--prior-heads", "prior.heads", "N", Integer.class, "its attention heads"),
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

  private static final List<Flag> FLAGS =
      Stream.of(MODEL, BottleneckFlags.FLAGS, ReconstructionFlags.FLAGS, TRAINING)
          .flatMap(List::stream)
          .toList();

  private RecipeFlags() {}

  /** Adds every flag to a command. */
  static void addTo(CommandLine command) {
    for (Flag flag : FLAGS) {
      command
          .getCommandSpec()
          .addOption(
              OptionSpec.builder(flag.name())
                  .type(flag.type())
                  .arity("1")
                  .splitRegex(flag.type().isArray() ? "," : "")
                  .paramLabel(flag.label())
                  .description(
                      flag.help() + " (default: " + Recipe.defaults().get(flag.field()) + ")")
                  .build());
    }
  }

  /** The names of the flags that the command line has. */
  static List<String> given(CommandSpec spec) {
    return FLAGS.stream()
        .map(Flag::name)
        .filter(name -> spec.findOption(name).getValue() != null)
        .toList();
  }

  /** The recipe with what the command line changed. */
  static Recipe apply(Recipe recipe, CommandSpec spec) {
    Recipe changed = recipe;
    for (Flag flag : FLAGS) {
      Object value = spec.findOption(flag.name()).getValue();
      if (value != null) {
        changed = changed.with(flag.field(), value);
      }
    }
    return changed;
  }
}
